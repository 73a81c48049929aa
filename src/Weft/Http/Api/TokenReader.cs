using Weft.Core;
using Weft.Core.Access;
using Weft.Core.Tasks;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>Reads the permissions of a new token.</summary>
internal static class TokenReader
{
    private const int ScopesMax = 6;
    private static readonly MemberNames Names = new("scopes", "queues", "expiresInSeconds", "name");
    private static readonly uint Scopes = Names.Mask("scopes");

    /// <summary>The grant; invalid when there is a problem.</summary>
    public static Problem? Read(ReadOnlyMemory<byte> body, DateTimeOffset now, out TokenGrant grant)
    {
        var json = new StrictJson(body);
        grant = Read(ref json, now);
        return json.End();
    }

    private static TokenGrant Read(ref StrictJson json, DateTimeOffset now)
    {
        var grant = new TokenGrant(Scope.None, []);
        var seen = 0u;
        if (!json.BeginObject()) return grant;
        while (json.NextMember(Names, ref seen) is { } name)
        {
            switch (name)
            {
                case "scopes": grant = grant with { Scopes = ReadScopes(ref json) }; break;
                case "queues": grant = grant with { Queues = ReadQueues(ref json) }; break;
                case "expiresInSeconds":
                    grant = grant with { ExpiresAt = now + json.Seconds(TimeSpan.FromSeconds(1), Limits.TokenTimeMax) };
                        break;
                case "name": grant = grant with { Name = json.String(Limits.TokenNameCharsMax) }; break;
            }
        }

        if ((seen & Scopes) == 0) json.Fail("scopes is missing.");
        if (grant.Queues.Count > 0 && (grant.Scopes & (Scope.Read | Scope.Admin)) != 0)
            json.Fail("queues limit only submit and work; a token with read or admin sees all queues.");
        return grant;
    }

    private static Scope ReadScopes(ref StrictJson json)
    {
        var scopes = ScopeText.Parse(json.Strings(ScopesMax, Limits.LabelCharsMax));
        if (scopes == Scope.None)
            json.Fail("scopes must have at least one of submit, work, read, admin, metrics, trusted.");
        return scopes;
    }

    private static List<string> ReadQueues(ref StrictJson json)
    {
        var queues = json.Strings(Limits.TokenQueuesMax, Limits.QueueNameCharsMax);
        if (queues.Count == 0) json.Fail("queues must name at least one queue; leave it out for all.");
        if (!queues.TrueForAll(QueueName.IsValid)) json.Fail(ApiRequest.QueueRule("Each of queues"));
        return queues;
    }
}
