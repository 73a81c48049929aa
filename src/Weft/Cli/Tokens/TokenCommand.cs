using System.CommandLine;
using System.CommandLine.Parsing;
using Weft.Cli.Remote;
using Weft.CommandLine;
using Weft.CommandLine.Help;
using Weft.CommandLine.Terminal;
using Weft.Contracts;
using Weft.Serve;

namespace Weft.Cli.Tokens;

/// <summary>
/// <c>weft token</c>: creates, lists and revokes tokens, through a running coordinator or in the folder of a stopped
/// one.
/// </summary>
internal static class TokenCommand
{
    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Open the data folder of a stopped coordinator; needs no token",
        HelpName = "folder",
        Recursive = true,
    };

    private static readonly Option<string?> Store = new("--store")
    {
        Description = "Open the PostgreSQL database that coordinators share; needs no token. Without a value: " +
            "WEFT_STORE",
        HelpName = "connection",
        Recursive = true,
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> Scopes = new("--scope")
    {
        Description = "What the token allows: submit, work, read, metrics or admin; may be repeated",
        HelpName = "scope",
        Required = true,
    };
    private static readonly Option<bool> Trusted = new("--trusted")
    {
        Description = "Trust the workers that use the token, such as your own machines; needs the scope work",
    };
    private static readonly Option<string[]> Queues = new("--queue")
    {
        Description = "Queue that the token is limited to; may be repeated [default: all]",
        HelpName = "name",
    };
    private static readonly Option<TimeSpan?> Expires = new("--expires")
    {
        Description = "How long the token is valid: 90s, 30m, 12h, 7d [default: until it is revoked]",
        HelpName = "time",
        CustomParser = ReadTime,
    };
    private static readonly Option<string?> Name = new("--name") { Description = "Display name", HelpName = "name" };
    private static readonly Option<bool> Link = new("--link")
    {
        Description = "Print a link that opens the worker page with the token and its queues (the console, if it " +
            "has the scope read or admin, but not work)",
    };
    private static readonly Argument<long> Id = new("id")
    {
        Description = "The token's id, as shown by 'weft token list'",
    };

    public static Command Create()
    {
        var command = new Command("token",
            "Create, list and revoke tokens, through a running coordinator (needs an admin token) or directly on " +
            "its store.")
        {
            Verb(
                new Command("create",
                "Create a token and print it. It can't be shown again: only its hash is stored.") { Scopes, Queues,
                Expires, Name, Trusted, Link }.WithExamples(
                "weft token create --scope work --queue squares --expires 7d --name lab",
                "weft token create --scope work --link --url http://192.0.2.2:8080"), CreateAsync),
            Verb(new Command("list", "List tokens, without their secrets.")
                .WithExamples("weft token list", "weft token list --data weft-data"), ListAsync),
            Verb(
                new Command("revoke",
                "Revoke a token, effective immediately.") { Id }.WithExamples("weft token revoke 3"), RevokeAsync),
        };
        command.Options.Add(Data);
        command.Options.Add(Store);
        return command.RemoteOptions()
            .WithExamples("weft token create --scope work", "weft token list", "weft token revoke 3");
    }

    private static Command Verb(Command verb, Func<ParseResult, ITokenKeeper, Uri, CancellationToken, Task> run) =>
        verb.Does(async (flags, api, stop) =>
    {
        await using var tokens = await OpenStoreAsync(flags);
        await run(flags, tokens ?? (ITokenKeeper)new RemoteTokens(api), api.Url, stop);
        return ExitCode.Ok;
    });

    /// <summary>The store that the flags name; null: use a running coordinator.</summary>
    private static async Task<StoreTokens?> OpenStoreAsync(ParseResult flags)
    {
        var folder = flags.GetValue(Data);
        if (flags.GetResult(Store) is null) return folder is null ? null : await StoreTokens.OpenFolderAsync(folder);
        if (folder is not null)
        {
            throw new CommandFailure("--store names a database and --data a folder: give only one of them.");
        }
        var store = flags.GetValue(Store) ?? Environment.GetEnvironmentVariable("WEFT_STORE");
        if (string.IsNullOrEmpty(store))
        {
            throw new CommandFailure("--store needs a connection string, here or in WEFT_STORE.");
        }
        return await StoreTokens.OpenDatabaseAsync(store);
    }

    private static async Task CreateAsync(ParseResult flags, ITokenKeeper tokens, Uri url, CancellationToken stop)
    {
        var scopes = flags.GetRequiredValue(Scopes);
        if (flags.GetValue(Trusted))
        {
            if (!scopes.Contains("work")) throw new CommandFailure("--trusted goes with --scope work.");
            scopes = [.. scopes, "trusted"];
        }

        if (flags.GetValue(Link) && !scopes.Any(static scope => scope is "work" or "read" or "admin"))
        {
            throw new CommandFailure("--link needs the scope work, read or admin: no page is useful to a token that " +
                "may " +
                "only submit. Without --link, the command prints the token.");
        }
        var token = await tokens.CreateAsync(new(scopes)
        {
            Queues = flags.GetValue(Queues) is { Length: > 0 } queues ? queues : null,
            ExpiresInSeconds = flags.GetValue(Expires)?.TotalSeconds,
            Name = flags.GetValue(Name),
        }, stop);
        // Only the token on stdout: TOKEN=$(weft token create …).
        if (flags.WantsJson()) JsonOutput.Print(token, WireJson.Default.TokenInfo);
        else Console.Out.WriteLine(flags.GetValue(Link) ? LinkOf(token, url) : token.Token);
        if (StandardStreams.OutputFailure is { } failure)
        {
            // An unknown token in the list couldn't be told apart from those in use.
            await tokens.RevokeAsync(token.Id, stop);
            throw new CommandFailure($"Token {token.Id} could not be written ({failure}), so it has been revoked.");
        }

        if (!flags.WantsJson())
        {
            Console.Error.WriteLine(
                $"weft: Token {token.Id} ({string.Join(", ", token.Scopes)}) is shown only this once.");
            if (flags.GetValue(Link) && url.IsLoopback)
            {
                Console.Error.WriteLine("weft: The link works only on this machine. For others, use --url with " +
                    "the address by which they reach the coordinator.");
            }
        }
    }

    /// <summary>
    /// The page for the token's scopes. The fragment of an address stays in the browser: no server and no log sees it.
    /// </summary>
    private static string LinkOf(TokenInfo token, Uri url) =>
        $"{url}{(token.Scopes.Contains("work") ? $"worker/{QueryOf(token.Queues)}" : "")}#token={token.Token}";

    /// <summary>The queues that the page works on; without them it uses the default queue.</summary>
    private static string QueryOf(IReadOnlyList<string>? queues) => queues is null ? ""
        : $"?{string.Join('&', queues.Select(static queue => $"queue={queue}"))}";

    private static async Task ListAsync(ParseResult flags, ITokenKeeper tokens, Uri url, CancellationToken stop)
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
            table.Add(token.Id, string.Join(',', token.Scopes), token.Queues is null ? "all"
                : string.Join(',', token.Queues), token.Name,
                IsoTime.Of(token.CreatedAt), token.ExpiresAt is { } end ? IsoTime.Of(end) : "never");
        }

        table.Print("tokens");
    }

    private static async Task RevokeAsync(ParseResult flags, ITokenKeeper tokens, Uri url, CancellationToken stop)
    {
        var id = flags.GetRequiredValue(Id);
        var list = await tokens.ListAsync(stop);
        if (list.All(token => token.Id != id))
        {
            throw new CommandFailure($"There is no token {id}: it never existed, or has been revoked.");
        }
        // On the store itself, a lost token can be replaced without any token.
        if (tokens is RemoteTokens && IsLastAdmin(list, id))
        {
            throw new CommandFailure($"Token {id} is the only admin token, without which none can be created. Create " +
                "another one first: weft token create --scope admin");
        }
        await tokens.RevokeAsync(id, stop);
        if (flags.WantsJson()) JsonOutput.Print(new TokenRevoked(id), WireJson.Default.TokenRevoked);
        else Console.Out.WriteLine($"Token {id} is revoked.");
    }

    private static bool IsLastAdmin(IReadOnlyList<TokenInfo> list, long id) =>
        list.Where(static token => token.Scopes.Contains("admin")
            && !(token.ExpiresAt <= TimeProvider.System.GetUtcNow()))
            .Select(static token => token.Id).ToArray() is [var only] && only == id;

    private static TimeSpan? ReadTime(ArgumentResult given)
    {
        var (valid, time) = ServeSettings.Duration(given.Tokens[0].Value);
        if (valid) return time;
        given.AddError($"--expires: '{given.Tokens[0].Value}' is not a time such as 90s, 30m, 12h or 7d.");
        return null;
    }
}
