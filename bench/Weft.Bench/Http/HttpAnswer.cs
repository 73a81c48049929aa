namespace Weft.Bench.Http;

/// <summary>One answer. The body lies in the connection's buffer and is valid until its next exchange.</summary>
internal readonly record struct HttpAnswer(int Status, ReadOnlyMemory<byte> Body);
