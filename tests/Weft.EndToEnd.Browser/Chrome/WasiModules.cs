using System.Collections.Concurrent;

namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>Modules that are built from C by Debian's clang, each once in a run of the tests.</summary>
internal static class WasiModules
{
    private static readonly TimeSpan BuildMax = TimeSpan.FromMinutes(2);
    private static readonly ConcurrentDictionary<string, Task<byte[]>> Built = [];

    /// <summary>The bytes of the module whose source is <c>Sources/name.c</c>.</summary>
    public static Task<byte[]> BuildAsync(string name) => Built.GetOrAdd(name, CompileAsync);

    private static async Task<byte[]> CompileAsync(string name)
    {
        var folder = Directory.CreateTempSubdirectory("weft-wasm-");
        try
        {
            var module = Path.Combine(folder.FullName, $"{name}.wasm");
            var source = Repository.PathOf($"tests/Weft.EndToEnd.Browser/Sources/{name}.c");
            var result = await Command.RunAsync(Command.Describe("clang", folder.FullName, ["--target=wasm32-wasi", "-O2", "-Wall", "-Werror", source, "-o", module]), BuildMax);
            Assert.True(result.ExitCode == 0, $"{name}.c doesn't compile: {result}");
            return await File.ReadAllBytesAsync(module);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
