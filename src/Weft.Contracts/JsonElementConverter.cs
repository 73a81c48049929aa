using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Contracts;

/// <summary>
/// Reads and writes payloads, results and checkpoints byte for byte. Unescaping and escaping them again would make them
/// longer, and would fail on an unpaired surrogate, which JSON's grammar allows but a string can't hold.
/// </summary>
public sealed class JsonElementConverter : JsonConverter<JsonElement>
{
    /// <inheritdoc/>
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        WriteRaw(writer, value);

    /// <summary>A missing value is null.</summary>
    internal static void WriteRaw(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined) writer.WriteNullValue();
        else writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }
}

/// <summary>
/// The same for an optional member: a JSON null is a value, and only a missing member means no value.
/// </summary>
public sealed class OptionalJsonElementConverter : JsonConverter<JsonElement?>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override JsonElement? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JsonElement? value, JsonSerializerOptions options) =>
        JsonElementConverter.WriteRaw(writer, value.GetValueOrDefault());
}
