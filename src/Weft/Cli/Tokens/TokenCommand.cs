using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Cli.Remote;
using Weft.Contracts;
using Weft.Serve;

namespace Weft.Cli.Tokens;

/// <summary><c>weft token</c>: makes, lists and revokes tokens, of a running coordinator or in the folder of one that is stopped.</summary>
internal static class TokenCommand
{
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Work on the data folder of a coordinator that is stopped; no token is needed for that",
        HelpName = "folder",
        Recursive = true,
    };

    private static readonly Option<string[]> Scopes = new("--scope") { Description = "What its holder may do: submit, work, read or admin; may be given several times", HelpName = "scope", Required = true };
    private static readonly Option<string[]> Queues = new("--queue") { Description = "Queue that it is for; may be given several times [default: all]", HelpName = "name" };
    private static readonly Option<TimeSpan?> Expires = new("--expires") { Description = "How long it is valid: 90s, 30m, 12h, 7d [default: until it is revoked]", HelpName = "time", CustomParser = ReadTime };
    private static readonly Option<string?> Name = new("--name") { Description = "What it is called in lists", HelpName = "name" };
    private static readonly Argument<long> Id = new("id") { Description = "The token's number, as 'weft token list' has it" };

    public static Command Create()
    {
        var command = new Command("token", "Make, list and revoke tokens. Tells a running coordinator, which wants an admin's token for that, or works on a folder.")
        {
            Verb(new Command("create", "Make a token and print it: once, since only its hash is kept.") { Scopes, Queues, Expires, Name }, CreateAsync),
            Verb(new Command("list", "List tokens, without their texts."), ListAsync),
            Verb(new Command("revoke", "Make a token worthless at once.") { Id }, RevokeAsync),
        };
        command.Options.Add(Data);
        return command.RemoteOptions();
    }

    private static Command Verb(Command verb, Func<ParseResult, ITokenKeeper, CancellationToken, Task> run) => verb.Does(async (flags, api, stop) =>
    {
        if (flags.GetValue(Data) is not { } folder)
        {
            await run(flags, new RemoteTokens(api), stop);
            return ExitCode.Ok;
        }

        await using var tokens = await FolderTokens.OpenAsync(folder);
        await run(flags, tokens, stop);
        return ExitCode.Ok;
    });

    private static async Task CreateAsync(ParseResult flags, ITokenKeeper tokens, CancellationToken stop)
    {
        var token = await tokens.CreateAsync(new(flags.GetRequiredValue(Scopes))
        {
            Queues = flags.GetValue(Queues) is { Length: > 0 } queues ? queues : null,
            ExpiresInSeconds = flags.GetValue(Expires)?.TotalSeconds,
            Name = flags.GetValue(Name),
        }, stop);
        if (flags.WantsJson())
        {
            JsonOutput.Print(token, WireJson.Default.TokenInfo);
            return;
        }

        // The token alone on stdout: TOKEN=$(weft token create …).
        Console.Error.WriteLine($"weft: Token {token.Id} ({string.Join(", ", token.Scopes)}) is shown now and never again.");
        Console.Out.WriteLine(token.Token);
    }

    private static async Task ListAsync(ParseResult flags, ITokenKeeper tokens, CancellationToken stop)
    {
        var list = await tokens.ListAsync(stop);
        if (flags.WantsJson())
        {
            JsonOutput.Print(list, WireJson.Default.TokenInfo);
            return;
        }

        var table = new TextTable("ID", "SCOPES", "QUEUES", "NAME", "CREATED", "EXPIRES");
        foreach (var token in list)
        {
            table.Add(token.Id, string.Join(',', token.Scopes), token.Queues is null ? "all" : string.Join(',', token.Queues), token.Name,
                IsoTime.Of(token.CreatedAt), token.ExpiresAt is { } end ? IsoTime.Of(end) : "never");
        }

        table.Print(Console.Out);
    }

    private static async Task RevokeAsync(ParseResult flags, ITokenKeeper tokens, CancellationToken stop)
    {
        var id = flags.GetRequiredValue(Id);
        await tokens.RevokeAsync(id, stop);
        if (flags.WantsJson()) JsonOutput.Print(new TokenRevoked(id), WireJson.Default.TokenRevoked);
        else Console.Out.WriteLine($"Token {id} is revoked.");
    }

    private static TimeSpan? ReadTime(ArgumentResult given)
    {
        var (valid, time) = ServeSettings.Duration(given.Tokens[0].Value);
        if (valid) return time;
        given.AddError($"--expires: '{given.Tokens[0].Value}' is not a time such as 90s, 30m, 12h or 7d.");
        return null;
    }
}
