using System.Collections.Concurrent;

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>
/// Modules that are built from C by Debian's clang, each once in a run of the tests; and those of strangers, as they
/// are.
/// </summary>
internal static class WasiModules
{
    private static readonly TimeSpan BuildMax = TimeSpan.FromMinutes(2);
    private static readonly ConcurrentDictionary<string, Task<byte[]>> Built = [];

    /// <summary>The bytes of the module whose source is <c>Sources/name.c</c>.</summary>
    public static Task<byte[]> BuildAsync(string name) => Built.GetOrAdd(name, CompileAsync);

    /// <summary>The same, larger by a section that no engine reads.</summary>
    public static async Task<byte[]> BuildAsync(string name, int padding)
    {
        var module = await BuildAsync(name);
        var section = new List<byte> { 1, (byte)'p' };
        var noise = new byte[padding];
        new Random(padding).NextBytes(noise);
        section.AddRange(noise);
        return [.. module, 0, .. Leb128(section.Count), .. section];
    }

    private static IEnumerable<byte> Leb128(int number)
    {
        for (; number >= 0x80; number >>= 7) yield return (byte)(number | 0x80);
        yield return (byte)number;
    }

    /// <summary>The bytes of <c>Strangers/name.wasm</c>.</summary>
    public static byte[] Stranger(string name) =>
        File.ReadAllBytes(Repository.PathOf($"tests/Weft.EndToEnd.Browser/Strangers/{name}.wasm"));

    /// <summary>
    /// A module of a megabyte whose one function compiles to so much code that a browser ends its process: each
    /// conditional branch to a loop with 128 parameters moves all of them.
    /// </summary>
    public static byte[] CompileBomb()
    {
        const int parameters = 128;
        const int branches = 400_000;
        byte[] values = [.. Leb128(parameters), .. Enumerable.Repeat((byte)0x7E, parameters)];
        byte[] constants = [.. Enumerable.Range(0, parameters).SelectMany(static _ => new byte[] { 0x42, 1 })];
        // i64.const 1 (128 times); loop (type 1); the same; i32.const 0, br_if 0 (often); unreachable; end; end.
        byte[] code = [0, .. constants, 0x03, 1, .. constants,
            .. Enumerable.Range(0, branches).SelectMany(static _ => new byte[] { 0x41, 0, 0x0D, 0 }), 0x00, 0x0B, 0x0B];
        byte[] exports = [2, 6, .. "memory"u8, 2, 0, 6, .. "_start"u8, 0, 0];
        return
        [
            0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0,
            .. Section(1, [2, 0x60, 0, 0, 0x60, .. values, 0]),
            .. Section(3, [1, 0]),
            .. Section(5, [1, 0, 1]),
            .. Section(7, exports),
            .. Section(10, [1, .. Leb128(code.Length), .. code]),
        ];
    }

    private static byte[] Section(byte id, byte[] content) => [id, .. Leb128(content.Length), .. content];

    private static async Task<byte[]> CompileAsync(string name)
    {
        var folder = Directory.CreateTempSubdirectory("weft-wasm-");
        try
        {
            var module = Path.Combine(folder.FullName, $"{name}.wasm");
            var source = Repository.PathOf($"tests/Weft.EndToEnd.Browser/Sources/{name}.c");
            var result = await Command.RunAsync(
                Command.Describe("clang", folder.FullName,
                ["--target=wasm32-wasi", "-O2", "-Wall", "-Werror", source, "-o", module]), BuildMax);
            Assert.True(result.ExitCode == 0, $"{name}.c doesn't compile: {result}");
            return await File.ReadAllBytesAsync(module);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
