using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>Reads responses, and rejects any that can't be from a coordinator.</summary>
internal static class WeftAnswer
{
    private const string ProblemUrn = "urn:weft:problem:";

    // A problem response is a few lines; a proxy's page may have any length.
    private const int ProblemBytesMax = 64 << 10;

    /// <exception cref="JsonException">The response is not from a coordinator.</exception>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not "application/json")
        {
            throw new JsonException("The body is not JSON.");
        }
        await using var body = new BoundedAnswer(await response.Content.ReadAsStreamAsync(cancellationToken));
        return Whole(await JsonSerializer.DeserializeAsync(body, type, cancellationToken));
    }

    /// <exception cref="JsonException">The response is not from a coordinator.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type) =>
        Whole(JsonSerializer.Deserialize(utf8, type));

    /// <summary>Checks that the body is empty.</summary>
    /// <exception cref="JsonException">It isn't: the response is not from a coordinator.</exception>
    public static bool IsNothing(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.NoContent ? true : throw new JsonException("The body should be empty.");

    /// <summary>The media type of results.</summary>
    public const string Lines = "application/x-ndjson";

    /// <summary>The media type of events.</summary>
    public const string Events = "text/event-stream";

    /// <returns>Null: the response is not from a coordinator.</returns>
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
            // Untrusted text: it must not imitate the output of the program that shows it.
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
            : throw new JsonException("The body lacks members that a coordinator's response has.");
}
