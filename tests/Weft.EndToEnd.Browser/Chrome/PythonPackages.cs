namespace Weft.EndToEnd.Browser.Chrome;

/// <summary>Packages that a test makes, and gives to its coordinator.</summary>
internal static class PythonPackages
{
    private static readonly TimeSpan BuildMax = TimeSpan.FromMinutes(2);

    /// <summary>Adds a wheel of texts.</summary>
    public static Task AddAsync(CoordinatorProcess coordinator, string name, string[] requires,
        params (string Path, string Text)[] files) =>
        AddAsync(coordinator, name, TestWheel.Make(name, requires, files));

    /// <summary>Adds a wheel.</summary>
    public static async Task AddAsync(CoordinatorProcess coordinator, string name, byte[] bytes)
    {
        var folder = Directory.CreateTempSubdirectory("weft-wheels-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
            var added = await Command.RunAsync(WeftBinary.Describe(
                folder.FullName, "python", "add", path, "--url", coordinator.Address.ToString()), BuildMax);
            Assert.True(added.ExitCode == 0, $"{name} was not added: {added}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Builds an extension module for Pyodide of a C source, as far as that goes without its compiler.
    /// </summary>
    public static async Task<byte[]> CompileAsync(string name)
    {
        var folder = Directory.CreateTempSubdirectory("weft-wasm-");
        try
        {
            string[] compile =
            [
                "--target=wasm32-unknown-emscripten", "-O2", "-fPIC", "-fvisibility=hidden", "-c",
                Repository.PathOf($"tests/Weft.EndToEnd.Browser/Sources/{name}.c"), "-o", "module.o",
            ];
            string[] link =
            [
                "--experimental-pic", "-shared", "--no-entry", "--allow-undefined",
                "--export-if-defined=__wasm_apply_data_relocs", "--export-if-defined=__wasm_call_ctors", "module.o",
                "-o", "module.so",
            ];
            await BuildAsync("clang", compile);
            await BuildAsync("wasm-ld", link);
            return await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "module.so"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        async Task BuildAsync(string program, string[] arguments)
        {
            var built = await Command.RunAsync(Command.Describe(program, folder.FullName, arguments), BuildMax);
            Assert.True(built.ExitCode == 0, $"{name}.c can't be built: {built}");
        }
    }
}
