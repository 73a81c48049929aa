using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Client.Http;

/// <summary>A request that can be sent more than once: its body is bytes, the same each time.</summary>
/// <param name="Path">Below <c>/api/v1/</c>.</param>
internal sealed record WeftRequest(HttpMethod Method, string Path)
{
    public byte[]? Body { get; private init; }

    /// <summary>What the body is.</summary>
    public string ContentType { get; init; } = "application/json";

    public string? IdempotencyKey { get; init; }

    /// <summary>True: sent twice, it does no more than sent once.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>False: sent once, whatever comes of it.</summary>
    public bool IsRetried { get; init; } = true;

    public static WeftRequest Get(string path) => new(HttpMethod.Get, path);

    public static WeftRequest Post(string path) => new(HttpMethod.Post, path);

    public static WeftRequest Post<T>(string path, T body, JsonTypeInfo<T> type) => Post(path, JsonSerializer.SerializeToUtf8Bytes(body, type));

    public static WeftRequest Put(string path, byte[] body) => new(HttpMethod.Put, path) { Body = body };

    public static WeftRequest Post(string path, byte[] body) => new(HttpMethod.Post, path) { Body = body };
}
