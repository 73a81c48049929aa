using System.Text.RegularExpressions;

namespace Weft.Tests.StaticFiles;

/// <summary>
/// The scripts that the worker page passes into its sandboxes, where nothing can be loaded by its address.
/// </summary>
public sealed partial class SandboxScriptTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "wwwroot", "worker");

    [Theory]
    [InlineData("wasi", "compute.js")]
    [InlineData("javascript", "compute-script.js")]
    [InlineData("python", "compute-python.js")]
    public void TheList_HasAllThatAWorkerImports_BeforeWhatImportsIt_AndNothingElse(string kind, string entry)
    {
        var listed = Listed(kind);

        Assert.Equal(entry, listed[^1]);
        Assert.Equal(Imported(entry).Append(entry).Order(), listed.Order());
        foreach (var (script, i) in listed.Select(static (script, i) => (script, i)))
        {
            Assert.Subset(listed.Take(i).ToHashSet(), Imports(script).ToHashSet());
        }
    }

    private static string[] Listed(string kind)
    {
        var text = File.ReadAllText(Path.Combine(Folder, "sandbox-scripts.js"));
        var list = Regex.Match(text, $@"\b{kind}: \[([^\]]*)\]").Groups[1].Value;
        return [.. Name().Matches(list).Select(static match => match.Groups[1].Value)];
    }

    private static IEnumerable<string> Imported(string script) =>
        Imports(script).SelectMany(static each => Imported(each).Append(each)).Distinct();

    private static IEnumerable<string> Imports(string script) =>
        Import().Matches(File.ReadAllText(Path.Combine(Folder, script))).Select(static match => match.Groups[1].Value);

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Name();

    [GeneratedRegex(@"^import .* from '\./([^']+)';$", RegexOptions.Multiline)]
    private static partial Regex Import();
}
