using System.Text.Json.Serialization.Metadata;
using Weft.Contracts;

namespace Weft.Client.Http;

/// <summary>A request that can be sent more than once: its body is the same each time.</summary>
/// <param name="Path">Below <c>/api/v1/</c>, with its query.</param>
public sealed record WeftRequest(HttpMethod Method, string Path)
{
    /// <summary>The body; null for none, or where <see cref="OpenBody"/> gives it.</summary>
    public byte[]? Body { get; private init; }

    /// <summary>Opens the body anew for each attempt; null where <see cref="Body"/> has it.</summary>
    public Func<Stream>? OpenBody { get; private init; }

    /// <summary>What the body is.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>1 to 128 characters; null for none.</summary>
    /// <exception cref="ArgumentException">It has control characters, which would end the header.</exception>
    public string? IdempotencyKey
    {
        get;
        init => field = IsKey(value)
            ? value
            : throw new ArgumentException("An idempotency key has no control characters.", nameof(IdempotencyKey));
    }

    /// <summary>The claim's token, where the request needs one; null for none.</summary>
    public string? Lease { get; init; }

    /// <summary>The first byte that is wanted of the answer's body.</summary>
    public long From { get; init; }

    /// <summary>
    /// True: sent twice, it does no more than sent once. False: sent again only when certainly nothing was done.
    /// </summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>False: sent once, whatever comes of it.</summary>
    public bool IsRetried { get; init; } = true;

    /// <summary>Failures that the caller handles better than another attempt does; null: none.</summary>
    public Func<WeftException, bool>? GivesUpAt { get; init; }

    /// <summary>Whether it may travel as a key; which ones it takes, the coordinator says.</summary>
    public static bool IsKey(string? text) => text?.Any(char.IsControl) != true;

    /// <summary>Reads.</summary>
    public static WeftRequest Get(string path) => new(HttpMethod.Get, path);

    /// <summary>Deletes; safe to repeat, but the answer then is 404.</summary>
    public static WeftRequest Delete(string path) => new(HttpMethod.Delete, path);

    /// <summary>Posts without a body.</summary>
    public static WeftRequest Post(string path) => new(HttpMethod.Post, path);

    /// <summary>Posts JSON that is written already.</summary>
    public static WeftRequest Post(string path, byte[] body) => Post(path) with { Body = body };

    /// <summary>Posts a value as JSON.</summary>
    public static WeftRequest Post<T>(string path, T body, JsonTypeInfo<T> type) =>
        Post(path, WireText.Bytes(body, type));

    /// <summary>Submits tasks together.</summary>
    /// <param name="tasks">Each as its JSON.</param>
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

    /// <summary>Puts a value as JSON.</summary>
    public static WeftRequest Put<T>(string path, T body, JsonTypeInfo<T> type) =>
        Put(path, WireText.Bytes(body, type), "application/json");

    /// <summary>Puts bytes as they are.</summary>
    public static WeftRequest Put(string path, byte[] body, string contentType) => new(HttpMethod.Put, path)
    {
        Body = body,
        ContentType = contentType,
    };

    /// <summary>Puts a stream's bytes as they are, without holding them in memory.</summary>
    /// <param name="open">Called for each attempt.</param>
    public static WeftRequest Put(string path, Func<Stream> open, string contentType) => new(HttpMethod.Put, path)
    {
        OpenBody = open,
        ContentType = contentType,
    };
}
