using Weft.Core.Tracing;

namespace Weft.Http;

/// <summary>
/// The headers of W3C Trace Context. Many clients send them without knowing: invalid ones are ignored.
/// </summary>
internal static class TraceHeaders
{
    /// <summary>The trace that a request was sent in; null for none.</summary>
    public static TaskTrace? Read(HttpRequest request)
    {
        var parent = request.Headers.TraceParent;
        // More than one value is invalid.
        return parent.Count == 1 ? TaskTrace.TryParse(parent[0], request.Headers.TraceState.ToString()) : null;
    }
}
