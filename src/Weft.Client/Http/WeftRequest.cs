using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>A request that can be sent more than once: its body is the same each time.</summary>
/// <param name="Path">Relative to <c>/api/v1/</c>, with its query.</param>
public sealed record WeftRequest(HttpMethod Method, string Path)
{
    /// <summary>The body; null for none, or if <see cref="OpenBody"/> is set.</summary>
    public byte[]? Body { get; private init; }

    /// <summary>Opens the body for each attempt; null if <see cref="Body"/> is set.</summary>
    public Func<Stream>? OpenBody { get; private init; }

    /// <summary>The body's media type.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>1 to 128 characters; null for none.</summary>
    /// <exception cref="ArgumentException">It contains control characters, which would end the header.</exception>
    public string? IdempotencyKey
    {
        get;
        init => field = IsKey(value)
            ? value
            : throw new ArgumentException(
                "An idempotency key must not contain control characters.", nameof(IdempotencyKey));
    }

    /// <summary>The claim's token, if the request needs one; null for none.</summary>
    public string? Lease { get; init; }

    /// <summary>The first byte of the response's body to send.</summary>
    public long From { get; init; }

    /// <summary>
    /// True: repeating the request has no further effect. False: retried only if it certainly had no effect.
    /// </summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>False: sent once, and never retried.</summary>
    public bool IsRetried { get; init; } = true;

    /// <summary>Failures that the caller handles itself and that are not retried; null: none.</summary>
    public Func<WeftException, bool>? GivesUpAt { get; init; }

    /// <summary>Whether it can be sent as a header. The coordinator checks which keys it accepts.</summary>
    public static bool IsKey(string? text) => text?.Any(char.IsControl) != true;

    /// <summary>A GET request.</summary>
    public static WeftRequest Get(string path) => new(HttpMethod.Get, path);

    /// <summary>A DELETE request; safe to repeat, but the repeated request is answered 404.</summary>
    public static WeftRequest Delete(string path) => new(HttpMethod.Delete, path);

    /// <summary>A POST request without a body.</summary>
    public static WeftRequest Post(string path) => new(HttpMethod.Post, path);

    /// <summary>A POST request with a body that is already JSON.</summary>
    public static WeftRequest Post(string path, byte[] body) => Post(path) with { Body = body };

    /// <summary>A POST request with a value as JSON.</summary>
    public static WeftRequest Post<T>(string path, T body, JsonTypeInfo<T> type) =>
        Post(path, WireText.Bytes(body, type));

    /// <summary>Submits a batch of tasks.</summary>
    /// <param name="tasks">Each as JSON.</param>
    public static WeftRequest PostBatch(IReadOnlyCollection<byte[]> tasks)
    {
        var body = new List<byte>(tasks.Sum(static task => task.Length + 1) + 16);
        body.AddRange("{\"tasks\":["u8);
        foreach (var task in tasks)
        {
            if (body[^1] != (byte)'[') body.Add((byte)',');
            body.AddRange(task);
        }

        body.AddRange("]}"u8);
        return Post("tasks/batch", [.. body]);
    }

    /// <summary>A PUT request with a value as JSON.</summary>
    public static WeftRequest Put<T>(string path, T body, JsonTypeInfo<T> type) =>
        Put(path, WireText.Bytes(body, type), "application/json");

    /// <summary>A PUT request with bytes, unchanged.</summary>
    public static WeftRequest Put(string path, byte[] body, string contentType) => new(HttpMethod.Put, path)
    {
        Body = body,
        ContentType = contentType,
    };

    /// <summary>A PUT request with a stream's bytes, without holding them in memory.</summary>
    /// <param name="open">Called for each attempt.</param>
    public static WeftRequest Put(string path, Func<Stream> open, string contentType) => new(HttpMethod.Put, path)
    {
        OpenBody = open,
        ContentType = contentType,
    };
}
