using System.CommandLine;

namespace Weft.Cli.Remote;

/// <summary>What all commands share that speak with a running coordinator.</summary>
internal static class RemoteCommand
{
    public const string UrlDefault = "http://127.0.0.1:8080";
    public const string UrlVariable = "WEFT_URL";

    private static readonly Option<string?> Url = new("--url")
    {
        Description = $"Where the coordinator is; else what {UrlVariable} says [default: {UrlDefault}]",
        HelpName = "url",
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON: one object a line", Recursive = true };

    /// <summary>Does a command's work.</summary>
    /// <returns>The exit code.</returns>
    public delegate Task<int> Run(ParseResult flags, RemoteApi api, CancellationToken stop);

    /// <summary>Gives a command, and its subcommands, the options that all have, and what it does.</summary>
    public static Command Remote(this Command command, Run run)
    {
        command.Options.Add(Url);
        command.Options.Add(Json);
        return command.Does(run);
    }

    /// <summary>Says what a subcommand does.</summary>
    public static Command Does(this Command command, Run run)
    {
        command.SetAction(async (flags, stop) =>
        {
            using var api = new RemoteApi(ReadUrl(flags));
            return await run(flags, api, stop);
        });
        return command;
    }

    /// <summary>Whether JSON is to be printed.</summary>
    public static bool WantsJson(this ParseResult flags) => flags.GetValue(Json);

    /// <summary>The coordinator's address, with a slash at its end, so that one below a proxy's path can be reached too.</summary>
    /// <exception cref="UsageFailure">It is not an address.</exception>
    private static Uri ReadUrl(ParseResult flags)
    {
        var text = flags.GetValue(Url) ?? (Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } variable ? variable : UrlDefault);
        if (Uri.TryCreate(text.TrimEnd('/') + '/', UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        throw new UsageFailure($"'{text}' is not a coordinator's address, such as {UrlDefault}.");
    }
}
