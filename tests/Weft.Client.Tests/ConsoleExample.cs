using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Weft.Client.Tests;

/// <summary>The console's C# example, compiled: the lines of its end are those of the page.</summary>
public sealed class ConsoleExample
{
    [Fact]
    public void TheConsole_ShowsWhatCompilesHere()
    {
        var page = Page().ToList();

        foreach (var line in File.ReadLines(ThisFile()).Select(static line => line.Trim())
            .SkipWhile(static line => line != "// Shown from here on.").Skip(1))
            if (line.Contains(';', StringComparison.Ordinal) || line.StartsWith('[')) Assert.Contains(line, page);
        Assert.Contains("using System.Text.Json.Serialization;", page);
        Assert.Contains("using Weft.Client;", page);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static IEnumerable<string> Page()
    {
        var script = File.ReadAllText(
            Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../src/Weft/wwwroot/console/start.js"));
        var start = script.IndexOf("const CSHARP = `", StringComparison.Ordinal);
        return script[start..script.IndexOf("`;", start, StringComparison.Ordinal)]
            .Split('\n').Select(static line => line.Trim());
    }

    // Shown from here on.
    internal static async Task RunAsync()
    {
        var weft = new WeftClient(new HttpClient { BaseAddress = new("http://localhost:8080/") });
        var id = await weft.SubmitAsync(12, Squares.Default.Int32, new() { Queue = "squares" });
        Console.WriteLine(await weft.WaitAsync(id, Squares.Default.Int64));
    }
}

[JsonSerializable(typeof(int)), JsonSerializable(typeof(long))]
internal sealed partial class Squares : JsonSerializerContext;
