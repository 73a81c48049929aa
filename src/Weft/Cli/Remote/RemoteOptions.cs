using System.CommandLine;

namespace Weft.Cli.Remote;

/// <summary>What every command takes that speaks with a running coordinator.</summary>
internal static class RemoteOptions
{
    public const string UrlDefault = "http://127.0.0.1:8080";
    public const string UrlVariable = "WEFT_URL";

    public static Option<string?> Url { get; } = new("--url")
    {
        Description = $"Where the coordinator is; else what {UrlVariable} says [default: {UrlDefault}]",
        HelpName = "url",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "Print JSON: one object a line, as the API has it", Recursive = true };

    /// <summary>Adds both to a command and its subcommands.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(Url);
        command.Options.Add(Json);
    }

    /// <summary>The coordinator's address, with a slash at its end, so that one below a proxy's path can be reached too.</summary>
    /// <exception cref="UsageFailure">It is not an address.</exception>
    public static Uri ReadUrl(ParseResult flags)
    {
        var text = flags.GetValue(Url) ?? (Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } variable ? variable : UrlDefault);
        if (Uri.TryCreate(text.TrimEnd('/') + '/', UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        throw new UsageFailure($"'{text}' is not a coordinator's address, such as {UrlDefault}.");
    }
}
