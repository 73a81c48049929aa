using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

/// <summary>What <c>--help</c> says.</summary>
public sealed class HelpTests
{
    [Fact]
    public async Task EachCommand_HasAnExample_AndSaysWhatItsValuesAre()
    {
        var unread = new Queue<string>([""]);
        var read = new List<string>();
        while (unread.TryDequeue(out var command))
        {
            read.Add(command);
            var help = (
                await WeftBinary.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                "--help"])).Output;
            Assert.Contains(Section(help, "Examples"),
                line => line.Contains($"weft {command}".TrimEnd(), StringComparison.Ordinal));
            // Two blanks end an option's name; one that takes a value without saying of which kind would be a name
            // alone.
            Assert.All(Section(help, "Options").Select(static line => line.Split("  ")[0]),
                static option => Assert.True(Flags.Contains(option) || option.EndsWith('>'), option));
            foreach (var line in Section(help, "Commands"))
            {
                unread.Enqueue($"{command} {line.Split(' ')[0]}".TrimStart());
            }
        }

        Assert.True(read.Count > 30, string.Join(", ", read));
    }

    [Fact]
    public async Task Commands_StandBeforeTheOptionsOfServe()
    {
        var help = (await WeftBinary.RunAsync("--help")).Output;
        Assert.True(help.IndexOf("\nCommands:", StringComparison.Ordinal) < help.IndexOf("\nOptions:",
            StringComparison.Ordinal), help);
    }

    [Theory]
    [InlineData("--max-rate-per-address <per-second>")]
    [InlineData("--keep-alive <time>")]
    [InlineData("--max-held <number>")]
    [InlineData("--max-payload-bytes-per-token <bytes>")]
    [InlineData("--lease-seconds <seconds>")]
    [InlineData("--data <folder>")]
    [InlineData("--tls-cert <file>")]
    public async Task AValueIsCalledByItsUnit(string option) =>
        Assert.Contains($"  {option} ", (await WeftBinary.RunAsync("serve", "--help")).Output,
            StringComparison.Ordinal);

    private static readonly string[] Flags =
    [
        "--all", "--all-dead", "--board", "--dry-run", "--allow-javascript-modules", "--allow-python-modules",
        "--files", "--fixed", "--fresh",
        "-h, --help", "--json", "--lab", "--legacy-open", "--link", "--unordered", "--no-progress", "--none",
        "--oldest",
        "--modules", "--once", "--open", "--renew", "--text", "--trusted", "--version", "--watch", "--webhook-http",
        "--webhooks-for-submitters",
    ];

    private static string[] Section(string help, string title) =>
        [.. help.Split('\n').SkipWhile(line => line != $"{title}:").Skip(1).TakeWhile(static line => line.Length > 0)
            .Select(static line => line.Trim())];
}
