using System.Net;
using System.Text.Json;

namespace Weft.Client.Frozen;

/// <summary>
/// The coordinator refused a request, or the response is not from a coordinator. The message is the coordinator's own
/// if it sent one.
/// </summary>
public sealed class FrozenException : Exception
{
    internal FrozenException(HttpStatusCode status, string message, Exception? inner = null)
        : base(message, inner) => Status = status;

    public HttpStatusCode Status { get; }

    /// <summary>How long the coordinator asks to wait before the request is repeated; null if it doesn't say.</summary>
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
            // For example a proxy's page: only the status is usable.
            return null;
        }
    }
}
