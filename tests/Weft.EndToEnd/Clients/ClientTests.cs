using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Clients;

/// <summary>
/// The clients in Python and JavaScript. Their tests are written in their own languages; each suite is one test here,
/// which shows what failed.
/// </summary>
[Trait("Store", "sqlite")]
public sealed partial class ClientTests
{
    private const string TypeScript = "5.9.3";
    private const string TypeScriptHash =
        "jl1vZzPDinLr9eUt3J/t7V6FgNEw9QjvBPdysz9KfQDD41fQrC2Y4vKQdiaUpFT4bXlb1RHhLpp8wtm6M5TgSw==";

    private static readonly TimeSpan Max = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData("test_client", 30)]
    [InlineData("test_futures", 37)]
    [InlineData("test_map", 14)]
    [InlineData("test_samples", 3)]
    [InlineData("test_source", 19)]
    [InlineData("test_wheel", 2)]
    [InlineData("test_worker", 12)]
    public async Task Python_PassesItsOwnTests(string module, int testsMin)
    {
        var result = await RunAsync("clients/python/tests", "python3", "-W", "error::ResourceWarning", "-m", "unittest",
            module);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(Count(PythonCount(), result.Error) >= testsMin, result.ToString());
    }

    [Theory]
    [InlineData("weft", 20)]
    [InlineData("weft-files", 15)]
    public async Task JavaScript_PassesItsOwnTests(string module, int testsMin)
    {
        var result = await RunAsync("clients/js", "node", "--test", "--test-reporter=tap",
            $"tests/{module}.test.js");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(Count(NodeCount(), result.Output) >= testsMin, result.ToString());
    }

    [Fact]
    public async Task ItsTypes_CompileUnderStrict()
    {
        var folder = Directory.CreateTempSubdirectory("weft-e2e-");
        try
        {
            var packed = await Command.RunAsync(Command.Describe("npm", folder.FullName,
                ["pack", $"typescript@{TypeScript}", "--silent"]), Max);
            Assert.True(packed.ExitCode == 0, packed.ToString());
            var package = Path.Combine(folder.FullName, $"typescript-{TypeScript}.tgz");
            Assert.Equal(TypeScriptHash, Convert.ToBase64String(
                SHA512.HashData(await File.ReadAllBytesAsync(package, TestContext.Current.CancellationToken))));
            await Command.RunAsync(Command.Describe("tar", folder.FullName, ["-xzf", package]), Max);

            var compiled = await Command.RunAsync(Command.Describe("node", Repository.PathOf("clients/js"),
                [Path.Combine(folder.FullName, "package/lib/tsc.js"), "--strict", "--noEmit", "--target", "es2022",
                "--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.asynciterable",
                "tests/sample.ts", "tests/sample-files.ts"]), Max);

            Assert.Equal(new(0, "", ""), compiled);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("python/weft.py", "text/x-python; charset=utf-8")]
    [InlineData("js/weft.js", "text/javascript; charset=utf-8")]
    [InlineData("js/weft.d.ts", "text/plain; charset=utf-8")]
    [InlineData("js/weft-files.js", "text/javascript; charset=utf-8")]
    [InlineData("js/weft-files.d.ts", "text/plain; charset=utf-8")]
    public async Task TheCoordinator_ServesThem(string file, string type)
    {
        await using var coordinator = await CoordinatorProcess.StartNewAsync();
        using var http = new HttpClient { BaseAddress = coordinator.Address };

        using var answer = await http.GetAsync(new Uri($"client/{Path.GetFileName(file)}", UriKind.Relative),
            TestContext.Current.CancellationToken);

        Assert.Equal(type, answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(await File.ReadAllBytesAsync(Repository.PathOf($"clients/{file}"),
            TestContext.Current.CancellationToken),
            await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static Task<CommandResult> RunAsync(string folder, string file, params string[] arguments)
    {
        ProcessStartInfo start = Command.Describe("env", Repository.PathOf(folder),
            ["--default-signal=INT", file, .. arguments]);
        start.Environment["WEFT_BINARY"] = WeftBinary.Path;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return Command.RunAsync(start, Max);
    }

    private static int Count(Regex line, string output) =>
        line.Match(output) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^Ran (\d+) tests? in", RegexOptions.Multiline)]
    private static partial Regex PythonCount();

    [GeneratedRegex(@"^# pass (\d+)", RegexOptions.Multiline)]
    private static partial Regex NodeCount();
}
