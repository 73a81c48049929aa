using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Weft.EndToEnd.Tracing;

/// <summary>A span as a collector gets it: ids in hex, times in nanoseconds.</summary>
internal sealed record ReceivedSpan(
    string Service, string Name, string TraceId, string SpanId, string ParentId, ulong Start, ulong End,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> LinkedSpans);

/// <summary>A collector of OTLP over HTTP and protobuf, as small as it can be.</summary>
internal sealed class SpanReceiver : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly List<ReceivedSpan> received = [];

    public SpanReceiver()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}";
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        _ = TakeAllAsync();
    }

    public string Address { get; }

    /// <summary>What tells a process to export here, soon.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{Address}/v1/traces",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    public IReadOnlyList<ReceivedSpan> Received
    {
        get
        {
            lock (received) return [.. received];
        }
    }

    public void Dispose() => listener.Close();

    private async Task TakeAllAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body, TestContext.Current.CancellationToken);
                context.Response.Close();
                lock (received) received.AddRange(Read(body.ToArray()));
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    // https://github.com/open-telemetry/opentelemetry-proto: ExportTraceServiceRequest has ResourceSpans in 1; these a
    // Resource in 1 and ScopeSpans in 2; these have Spans in 2.
    private static IEnumerable<ReceivedSpan> Read(byte[] request)
    {
        foreach (var resourceSpans in Parts(request, 1))
        {
            var service = Parts(resourceSpans, 1).SelectMany(ReadAttributes)
                .First(static pair => pair.Key == "service.name").Value;
            foreach (var span in Parts(resourceSpans, 2).SelectMany(static scope => Parts(scope, 2)))
            {
                yield return new(
                    service, Encoding.UTF8.GetString(Parts(span, 5).Single()), Hex(span, 1), Hex(span, 2), Hex(span, 4),
                    Fixed(span, 7), Fixed(span, 8), Parts(span, 9).Select(ReadAttribute).ToDictionary(),
                    [.. Parts(span, 13).Select(static link => Hex(link, 2))]);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadAttributes(byte[] resource) =>
        Parts(resource, 1).Select(ReadAttribute);

    /// <summary>A key in 1, and in 2 a value: a string in 1, or an integer in 3.</summary>
    private static KeyValuePair<string, string> ReadAttribute(byte[] pair)
    {
        var value = Fields(Parts(pair, 2).Single()).First();
        return new(Encoding.UTF8.GetString(Parts(pair, 1).Single()),
            value.Number == 1 ? Encoding.UTF8.GetString(value.Bytes) : $"{value.Value}");
    }

    private static string Hex(byte[] message, int number) =>
        Convert.ToHexStringLower(Parts(message, number).FirstOrDefault() ?? []);

    private static ulong Fixed(byte[] message, int number) =>
        Fields(message).First(field => field.Number == number).Value;

    private static IEnumerable<byte[]> Parts(byte[] message, int number) =>
        Fields(message).Where(field => field.Number == number).Select(static field => field.Bytes);

    private static List<(int Number, ulong Value, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ulong, byte[])>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0: fields.Add((number, Varint(message, ref at), [])); break;
                case 1:
                    fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), []));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    fields.Add((number, 0, message[at..(at + length)]));
                    at += length;
                    break;
                default:
                    fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), []));
                    at += 4;
                    break;
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        for (var (value, shift) = (0ul, 0); ; shift += 7)
        {
            value |= (ulong)(message[at] & 0x7f) << shift;
            if ((message[at++] & 0x80) == 0) return value;
        }
    }
}
