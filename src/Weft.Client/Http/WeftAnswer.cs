using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>Reads answers, and believes only those that a coordinator gives.</summary>
internal static class WeftAnswer
{
    private const string ProblemUrn = "urn:weft:problem:";

    // A problem has a few lines; a page of a proxy's may have any length.
    private const int ProblemBytesMax = 64 << 10;

    /// <exception cref="JsonException">It is not a coordinator's.</exception>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not "application/json")
        {
            throw new JsonException("It is not JSON.");
        }
        await using var body = new BoundedAnswer(await response.Content.ReadAsStreamAsync(cancellationToken));
        return Whole(await JsonSerializer.DeserializeAsync(body, type, cancellationToken));
    }

    /// <exception cref="JsonException">It is not a coordinator's.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type) =>
        Whole(JsonSerializer.Deserialize(utf8, type));

    /// <summary>Makes sure that there is nothing to read.</summary>
    /// <exception cref="JsonException">There is: a stranger's page.</exception>
    public static bool IsNothing(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.NoContent ? true : throw new JsonException("It should be empty.");

    /// <summary>What results are sent as.</summary>
    public const string Lines = "application/x-ndjson";

    /// <summary>What events are sent as.</summary>
    public const string Events = "text/event-stream";

    /// <returns>Null: it is not a coordinator's.</returns>
    public static async Task<Problem?> ReadProblemAsync(HttpResponseMessage response,
        CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json") return null;
        var bytes = new byte[ProblemBytesMax];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            var problem = JsonSerializer.Deserialize(bytes.AsSpan(0, length), WireJson.Default.Problem);
            if (problem is not { Type: { } type, Code: { Length: > 0 }, Detail: { } detail }) return null;
            // Anyone may have written it: it must not look like lines of the program that shows it.
            return type.StartsWith(ProblemUrn, StringComparison.Ordinal)
                ? problem with { Detail = detail.ReplaceLineEndings(" ") }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T Whole<T>(T? answer) =>
        WireShape.IsWhole(answer)
            ? answer!
            : throw new JsonException("It lacks members that a coordinator's response has.");
}
