using System.Net;
using System.Net.Http.Headers;

namespace Weft.Client.Tests;

/// <summary>Answers everything with 200 and blanks that never end.</summary>
internal sealed class EndlessAnswers : HttpMessageHandler
{
    private long _bytesRead;

    /// <summary>Of all answers.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        var type = request.RequestUri!.AbsolutePath.EndsWith("results", StringComparison.Ordinal)
            ? "application/x-ndjson" : "application/json";
        var content = new StreamContent(new Blanks(read => Interlocked.Add(ref _bytesRead, read)))
            { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            { Content = content, RequestMessage = request });
    }

    private sealed class Blanks(Action<int> report) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            report(count);
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
