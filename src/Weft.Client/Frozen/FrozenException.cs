using System.Net;
using System.Text.Json;

namespace Weft.Client.Frozen;

/// <summary>
/// The coordinator refused a request, or answered something that no coordinator answers. The message is its own words
/// where it gave any.
/// </summary>
public sealed class FrozenException : Exception
{
    internal FrozenException(HttpStatusCode status, string message, Exception? inner = null)
        : base(message, inner) => Status = status;

    public HttpStatusCode Status { get; }

    /// <summary>How long the coordinator asks to wait before the same request; null when it doesn't say.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    internal static FrozenException From(HttpResponseMessage response, ReadOnlySpan<byte> body) =>
        new(response.StatusCode, ReadError(body) ?? $"The coordinator answered {(int)response.StatusCode}")
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };

    private static string? ReadError(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, FrozenJson.Default.RefusedRequest)?.Error;
        }
        catch (JsonException)
        {
            // A proxy's page, say: the status alone has to tell.
            return null;
        }
    }
}
