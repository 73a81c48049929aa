using Weft.Http.Access;
using Weft.Http.Bounds;

namespace Weft.Http;

/// <summary>
/// A request body that is streamed. It must arrive within the time of one request, and its end is reported only while
/// the request's token is still valid.
/// </summary>
internal sealed class AdmittedBody(HttpContext context) : Stream
{
    private readonly CancellationTokenSource _deadline = RequestDeadline.Start(context);

    // For all reads together, since a body arrives in pieces of a few KiB; it also ends with the request.
    private CancellationTokenSource? _end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads the bytes that have arrived. Only the end of the request cancels it.</summary>
    /// <exception cref="RequestRefusedException">408: it took too long; 401: the token was revoked or expired in the
    /// meantime.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _end ??= CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, context.RequestAborted);
        try
        {
            var read = await context.Request.Body.ReadAsync(buffer, _end.Token);
            if (read == 0) AccessControl.EnsureNotEnded(context);
            return read;
        }
        catch (OperationCanceledException) when (_deadline.IsCancellationRequested)
        {
            throw LargeBody.Refuse(context, StatusCodes.Status408RequestTimeout);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Only asynchronous reads are supported.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _end?.Dispose();
            _deadline.Dispose();
        }

        base.Dispose(disposing);
    }
}
