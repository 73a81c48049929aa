using Weft.EndToEnd.Running;

namespace Weft.EndToEnd.Cli;

public sealed class CompletionTests
{
    // Does what bash does when Tab is pressed at the end of a line.
    private const string PressTab =
        """
        eval "$("$1" completion bash)"
        COMP_LINE="$1 $2" COMP_POINT=$((${#1} + 1 + ${#2}))
        read -ra COMP_WORDS <<<"$COMP_LINE"
        [[ $COMP_LINE != *' ' ]] || COMP_WORDS+=('')
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        compopt() { printf 'files: '; }
        _weft
        echo "${COMPREPLY[*]}"
        """;

    [Theory]
    [InlineData("que", "queues")]
    [InlineData("queues p", "pause purge")]
    [InlineData("map --f", "--file --fixed --fresh")]
    [InlineData("tasks --state ", "cancelled checking completed dead leased ready scheduled")]
    [InlineData("nothing-like-this", "")]
    [InlineData("tasks --queue ", "")]
    [InlineData("worker --exec ", "")]
    [InlineData("submit ", "")]
    [InlineData("module push ", "files: ")]
    [InlineData("module push fi", "files: ")]
    [InlineData("submit 1 --module sq", "files: ")]
    [InlineData("serve --data ", "files: ")]
    [InlineData("restore --data some/fol", "files: ")]
    public async Task Bash_CompletesWhatIsTyped(string typed, string completions)
    {
        var result = await Command.RunAsync(
            Command.Describe("bash", Path.GetTempPath(), ["-c", PressTab, "bash", WeftBinary.Path, typed]),
            Eventually.Max);
        Assert.Equal(new(0, completions + "\n", ""), result);
    }

    [Theory]
    [InlineData("zsh", "compdef _weft weft")]
    [InlineData("fish", "complete -c weft")]
    public async Task OtherShells_GetTheirScript(string shell, string line) =>
        Assert.Contains(line, (await WeftBinary.RunAsync("completion", shell)).Output, StringComparison.Ordinal);

    [Fact]
    public async Task AnUnknownShell_IsAMistakeInUse() =>
        Assert.Equal(2, (await WeftBinary.RunAsync("completion", "tcsh")).ExitCode);
}
