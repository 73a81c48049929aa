using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Contracts;

/// <summary>
/// Payloads, results and checkpoints as the bytes that they are: nothing is unescaped and escaped again, which would
/// make them longer and fail at half of a surrogate pair, which JSON's grammar allows and text can't hold.
/// </summary>
public sealed class JsonElementConverter : JsonConverter<JsonElement>
{
    /// <inheritdoc/>
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonElement.ParseValue(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        WriteRaw(writer, value);

    /// <summary>No value at all is null.</summary>
    internal static void WriteRaw(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined) writer.WriteNullValue();
        else writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }
}

/// <summary>
/// The same, where there may be none: a JSON null is a value, and only a member that is missing is none.
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
