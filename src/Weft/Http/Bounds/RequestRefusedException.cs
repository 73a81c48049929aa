namespace Weft.Http.Bounds;

/// <summary>
/// Ends a request in the middle of its handler with a status; <c>RequestErrors</c> writes the response.
/// </summary>
internal sealed class RequestRefusedException(int status, string message) : Exception(message)
{
    public int Status => status;
}
