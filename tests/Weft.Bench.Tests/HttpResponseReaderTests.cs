using System.Text;
using CsCheck;
using Weft.Bench.Http;

namespace Weft.Bench.Tests;

public class HttpResponseReaderTests
{
    private const string Lengthed = "HTTP/1.1 200 OK\r\nServer: x\r\ncOnTeNt-LeNgTh: 12\r\n\r\n{\"taskId\":1}";
    private const string Chunked =
        "HTTP/1.1 200 OK\r\nTRANSFER-encoding: Chunked\r\n\r\n4\r\n{\"ta\r\n00008\r\nskId\":1}\r\n0\r\n\r\n";

    [Theory]
    [InlineData(Lengthed)]
    [InlineData(Chunked)]
    public void ABody_IsFoundInAnyHeaderCase_ByLengthAndByChunks(string response)
    {
        var received = Encoding.ASCII.GetBytes(response);

        Assert.True(HttpResponseReader.TryRead(received, out var frame));

        Assert.Equal(200, frame.Status);
        Assert.Equal("{\"taskId\":1}", Encoding.ASCII.GetString(received[frame.Body]));
        Assert.Equal(received.Length, frame.Length);
    }

    [Theory]
    [InlineData(Lengthed)]
    [InlineData(Chunked)]
    public void AResponse_CutAnywhere_IsNotReadYet_AndIsLeftAsItWas(string response)
    {
        var whole = Encoding.ASCII.GetBytes(response);
        for (var length = 0; length < whole.Length; length++)
        {
            var part = whole[..length];
            Assert.False(HttpResponseReader.TryRead(part, out _), $"read from {length} bytes");
            Assert.Equal(whole[..length], part);
        }
    }

    [Fact]
    public void AnyBody_CutIntoAnyChunks_IsJoined() =>
        Gen.Byte.Array[1, 300].List[0, 8].Sample(chunks =>
        {
            List<byte> response = [.. "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8];
            foreach (var chunk in chunks)
                response.AddRange([.. Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"), .. chunk, .. "\r\n"u8]);
            response.AddRange("0\r\n\r\n"u8);
            byte[] received = [.. response];

            return HttpResponseReader.TryRead(received, out var frame)
                && received[frame.Body].SequenceEqual(chunks.SelectMany(chunk => chunk))
                && frame.Length == received.Length;
        });

    [Fact]
    public void A204_HasNoBody_WhateverItsHeadersSay()
    {
        Assert.True(HttpResponseReader.TryRead(Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\nContent-Length: " +
            "5\r\n\r\n"), out var frame));

        Assert.Equal(204, frame.Status);
        Assert.Equal(0, frame.Body.End.Value - frame.Body.Start.Value);
    }

    [Fact]
    public void WhatFollowsAResponse_IsNotPartOfIt()
    {
        Assert.True(HttpResponseReader.TryRead(Encoding.ASCII.GetBytes(Lengthed + "HTTP/1.1"), out var frame));

        Assert.Equal(Lengthed.Length, frame.Length);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2 and more\r\n\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n")]
    public void WhatIsNoResponse_IsRefused(string bytes) =>
        Assert.Throws<InvalidDataException>(() => HttpResponseReader.TryRead(Encoding.ASCII.GetBytes(bytes), out _));
}
