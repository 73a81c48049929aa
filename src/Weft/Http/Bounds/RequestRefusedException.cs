namespace Weft.Http.Bounds;

/// <summary>
/// Ends a request in the middle of its handler with a status that says why; <c>RequestErrors</c> words the answer.
/// </summary>
internal sealed class RequestRefusedException(int status, string message) : Exception(message)
{
    public int Status => status;
}
