using System.CommandLine;
using System.CommandLine.Parsing;

namespace Weft.CommandLine.Help;

/// <summary>Describes an error in the command line, with a suggestion.</summary>
internal static class TypingMistake
{
    /// <returns>Null if there is none.</returns>
    public static string? Find(ParseResult typed)
    {
        // A shell's request for completions.
        if (typed.Tokens.Any(static token => token.Type == TokenType.Directive)) return null;
        if (UnknownCommand(typed) is { } command) return command;
        if (UnknownOption(typed) is { } option)
        {
            var known = HelpPage.Options(typed.CommandResult.Command).Select(static each => each.Name);
            return $"Unrecognized option '{option}'.{DidYouMean(option, known)}";
        }
        if (typed.Errors.Count == 0) return null;
        if (typed.CommandResult.Command is { Subcommands.Count: > 0 } group and not RootCommand
            && typed.UnmatchedTokens is [var verb, ..])
        {
            var known = group.Subcommands.Select(static each => each.Name);
            return $"Unrecognized command '{verb}'.{DidYouMean(verb, known)}";
        }

        var message =
            string.Join(' ', typed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return message.EndsWith('.') ? message : message + ".";
    }

    /// <summary>Only weft itself accepts a port, and <c>--help</c> would hide an invalid one.</summary>
    private static string? UnknownCommand(ParseResult typed)
    {
        if (typed.CommandResult.Command is not RootCommand root
            || typed.GetResult(root.Arguments[0]) is not { Tokens: [var word, ..] })
        {
            return null;
        }
        if (int.TryParse(word.Value, out var number) && number is >= 0 and <= 65_535) return null;
        return word.Value.StartsWith('-')
            ? $"Unrecognized option '{word.Value}'." +
                $"{DidYouMean(word.Value, HelpPage.Options(root).Select(static each => each.Name))}"
            : $"'{word.Value}' is neither a command nor a port." +
                $"{DidYouMean(word.Value, root.Subcommands.Select(static each => each.Name))}";
    }

    /// <summary>The parser would accept it as an argument: <c>weft submit --qeue q</c> would submit "--qeue".</summary>
    private static string? UnknownOption(ParseResult typed)
    {
        var before = typed.Tokens.TakeWhile(static token => token.Type != TokenType.DoubleDash)
            .Select(static token => token.Value).ToHashSet();
        var taken = typed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens)
            .Select(static token => token.Value);
        return taken.Concat(typed.UnmatchedTokens)
            .FirstOrDefault(word => word is ['-', '-', _, ..] && before.Contains(word))?.Split('=')[0];
    }

    private static string DidYouMean(string word, IEnumerable<string> known) =>
        known.Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(found => found.Distance <= Math.Max(1, word.Length / 3)).OrderBy(static found => found.Distance)
            .FirstOrDefault().Name is { } name
            ? $" Did you mean {name}?"
            : "";

    /// <summary>
    /// The number of letters to insert, delete, replace or swap with a neighbour to turn one word into the other.
    /// </summary>
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= to.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var cost = from[i - 1] == to[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[from.Length, to.Length];
    }
}
