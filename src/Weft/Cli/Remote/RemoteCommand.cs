using System.CommandLine;
using Weft.CommandLine;
using Weft.CommandLine.Text;

namespace Weft.Cli.Remote;

/// <summary>What all commands that use a running coordinator share.</summary>
internal static class RemoteCommand
{
    public const string UrlDefault = "http://127.0.0.1:8080";
    public const string UrlVariable = "WEFT_URL";
    public const string TokenVariable = "WEFT_TOKEN";

    private static readonly Option<string?> Url = new("--url")
    {
        Description = $"Coordinator address; {UrlVariable} sets it too [default: {UrlDefault}]",
        HelpName = "url",
        Recursive = true,
    };

    private static readonly Option<string?> TokenFile = new("--token-file")
    {
        Description = $"File that holds the access token; {TokenVariable} sets the token itself",
        HelpName = "file",
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print JSON, one object per line",
        Recursive = true,
    };

    /// <summary>Runs a command.</summary>
    /// <returns>The exit code.</returns>
    public delegate Task<int> Run(ParseResult flags, RemoteApi api, CancellationToken stop);

    /// <summary>Gives a command and its subcommands their action and the common options.</summary>
    public static Command Remote(this Command command, Run run) => command.RemoteOptions().Does(run);

    /// <summary>Gives a command without an action of its own, and its subcommands, the common options.</summary>
    public static Command RemoteOptions(this Command command)
    {
        command.Options.Add(Url);
        command.Options.Add(TokenFile);
        command.Options.Add(Json);
        return command;
    }

    /// <summary>Sets a subcommand's action.</summary>
    public static Command Does(this Command command, Run run)
    {
        command.SetAction(async (flags, stop) =>
        {
            return await run(flags, new(ReadUrl(flags), ReadToken(flags)), stop);
        });
        return command;
    }

    /// <summary>Whether to print JSON.</summary>
    public static bool WantsJson(this ParseResult flags) => flags.GetValue(Json);

    /// <summary>
    /// The token; null for none. Never an option itself: command lines are visible in the process list.
    /// </summary>
    /// <exception cref="CommandFailure">The file can't be read, or doesn't hold a token.</exception>
    private static string? ReadToken(ParseResult flags)
    {
        var file = flags.GetValue(TokenFile);
        var token = file is null ? Environment.GetEnvironmentVariable(TokenVariable)?.Trim() : ReadTokenFile(file);
        if (string.IsNullOrEmpty(token)) return null;
        // It can't be sent in a header, and an error that quotes it would put a possible secret on the screen.
        if (!token.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-'))
        {
            throw new CommandFailure(
                $"{(file is null ? TokenVariable : file)} does not hold a token: weft_ followed by 43 letters, " +
                $"digits, dashes and underscores.");
        }
        return token;
    }

    private static string ReadTokenFile(string file)
    {
        try
        {
            return Utf8Text.Read(File.ReadAllBytes(file), $"The token file {file}").Trim() is { Length: > 0 } token
                ? token
                : throw new CommandFailure($"The token file {file} is empty.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The token file {file} can't be read: {exception.Message}");
        }
    }

    /// <summary>
    /// The coordinator's address, with a slash at its end, so that one under a proxy's path prefix works.
    /// </summary>
    /// <exception cref="UsageFailure">It is not an address.</exception>
    private static Uri ReadUrl(ParseResult flags)
    {
        var text = flags.GetValue(Url)
            ?? (Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } variable ? variable : UrlDefault);
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (Uri.TryCreate(whole.TrimEnd('/') + '/', UriKind.Absolute, out var url)
            && url is { Scheme: "http" or "https", Host.Length: > 0 })
        {
            return url;
        }
        throw new UsageFailure($"'{text}' is not a coordinator address, such as {UrlDefault}.");
    }
}
