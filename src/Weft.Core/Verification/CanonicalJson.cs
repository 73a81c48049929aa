using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Weft.Core.Verification;

/// <summary>
/// One text for all spellings of the same JSON: members in the order of their names, no blanks, strings with one way of
/// escaping, numbers by <see cref="CanonicalNumber"/>. What could be read in two ways has no such text, and is compared
/// as it is: members that are there twice, half of a surrogate pair, bytes that are no UTF-8; nor has what would cost
/// too much.
/// </summary>
internal static class CanonicalJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Limits.CompareJsonDepthMax };

    /// <summary>The SHA-256 of the canonical text, or of the bytes where there is none.</summary>
    public static AnswerHash KeyOf(ReadOnlyMemory<byte> json)
    {
        // A text without a canonical form is none itself: the two kinds of hashes can't be taken for each other.
        return TryWrite(json, out var text) ? AnswerHash.Of(text) : AnswerHash.Of(json.Span);
    }

    /// <summary>False where <paramref name="json"/> has no canonical text.</summary>
    public static bool TryWrite(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out byte[]? text)
    {
        text = null;
        if (json.Length > Limits.CompareJsonBytesMax) return false;
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            var buffer = new ArrayBufferWriter<byte>(json.Length + 1);
            using (var writer = new Utf8JsonWriter(buffer)) Write(writer, document.RootElement);
            text = buffer.WrittenSpan.ToArray();
            return true;
        }
        // The latter is what .NET says of a string that isn't Unicode.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>An object's members in the order of their names.</summary>
    /// <exception cref="JsonException">A name is there twice: readers differ about which of them counts.</exception>
    public static (string Name, JsonElement Value)[] Members(JsonElement value)
    {
        var members = new (string Name, JsonElement Value)[value.GetPropertyCount()];
        var count = 0;
        foreach (var member in value.EnumerateObject()) members[count++] = (member.Name, member.Value);
        Array.Sort(members, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        for (var i = 1; i < members.Length; i++)
        {
            if (members[i].Name == members[i - 1].Name) throw new JsonException("A member is there twice.");
        }

        return members;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var (name, member) in Members(value))
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(CanonicalNumber.Of(value.GetRawText()), skipInputValidation: true);
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
