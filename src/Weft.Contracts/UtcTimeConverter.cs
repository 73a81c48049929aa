using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Contracts;

/// <summary>Writes times as <see cref="UtcTime"/> does; the framework's own format would say +00:00.</summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[UtcTime.Length];
        UtcTime.Write(value, text);
        writer.WriteStringValue(text);
    }
}
