using System.Diagnostics;
using Weft.Bench.Servers;

namespace Weft.Bench.Browser;

/// <summary>
/// A product of two matrices as a WASI command, compiled from the C source that the browser tests use.
/// </summary>
internal static class MatrixModule
{
    private const string Source = "tests/Weft.EndToEnd.Browser/Sources/matrix.c";

    /// <summary>The module's bytes; null where it can't be compiled, with the reason.</summary>
    public static async Task<(byte[]? Module, string? Missing)> CompileAsync(string root, string folder,
        CancellationToken stop)
    {
        if (Programs.Find("clang") is not { } clang) return (null, "clang is not installed");
        Directory.CreateDirectory(folder);
        var output = Path.Combine(folder, "matrix.wasm");
        using var compiler =
            Process.Start(new ProcessStartInfo(clang,
                ["--target=wasm32-wasi", "-O2", Path.Combine(root, Source), "-o", output])
                    { RedirectStandardError = true })!;
        var errors = await compiler.StandardError.ReadToEndAsync(stop);
        await compiler.WaitForExitAsync(stop);
        return compiler.ExitCode == 0
            ? (await File.ReadAllBytesAsync(output, stop), null)
            : (null,
                $"clang can't compile for WASI (lld, wasi-libc and libclang-rt-dev-wasm32 are needed): " +
                $"{errors.Split('\n')[0]}");
    }
}
