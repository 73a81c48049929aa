using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Weft.Core.Verification;

/// <summary>
/// A policy as it is stored: JSON with the names of the API and every member, so that equal policies have equal texts.
/// </summary>
public static class VerificationPolicyText
{
    // Nearly always the same one, of a queue. What was read may be spelt otherwise than what is written.
    private static volatile KnownText? _written;
    private static volatile KnownText? _read;

    public static string Write(VerificationPolicy policy)
    {
        if (_written is { } last && last.Policy == policy) return last.Text;
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json)) Write(writer, policy);
        var text = Encoding.UTF8.GetString(json.WrittenSpan);
        if (policy.Fault is null) _written = new(text, policy);
        return text;
    }

    /// <summary>Writes the policy as one object.</summary>
    public static void Write(Utf8JsonWriter writer, VerificationPolicy policy)
    {
        writer.WriteStartObject();
        writer.WriteNumber("maxWrong", policy.MaxWrong);
        writer.WriteNumber("assumeHostile", policy.AssumeHostile);
        writer.WriteString("mode", policy.Mode == VerifyMode.All ? "all" : "adaptive");
        writer.WriteNumber("copies", policy.Copies);
        writer.WritePropertyName("compare");
        WriteCompare(writer, policy.Compare);
        writer.WriteNumber("copiesMax", policy.CopiesMax);
        writer.WriteString("apart", policy.Apart == VerifyApart.Worker ? "worker" : "network");
        writer.WriteEndObject();
    }

    /// <summary>Reads back what <see cref="Write(VerificationPolicy)"/> wrote.</summary>
    /// <exception cref="FormatException">It didn't: the store is damaged, or newer.</exception>
    public static VerificationPolicy Read(string text)
    {
        if (_read is { } last && last.Text == text) return last.Policy;
        using var json = JsonDocument.Parse(text);
        var policy = VerificationPolicy.Default;
        foreach (var member in json.RootElement.EnumerateObject()) policy = Take(policy, member.Name, member.Value);
        if (policy.Fault is not null) throw Unknown(text);
        _read = new(text, policy);
        return policy;
    }

    private static VerificationPolicy Take(VerificationPolicy policy, string name, JsonElement value) => name switch
    {
        "maxWrong" => policy with { MaxWrong = value.GetDouble() },
        "assumeHostile" => policy with { AssumeHostile = value.GetDouble() },
        "mode" => policy with { Mode = value.GetString() == "all" ? VerifyMode.All : VerifyMode.Adaptive },
        "copies" => policy with { Copies = value.GetInt32() },
        "compare" => policy with { Compare = ReadCompare(value) },
        "copiesMax" => policy with { CopiesMax = value.GetInt32() },
        "apart" => policy with { Apart = value.GetString() == "worker" ? VerifyApart.Worker : VerifyApart.Network },
        // A member that is not understood may ask for more than would be done.
        _ => throw Unknown(name),
    };

    private static void WriteCompare(Utf8JsonWriter writer, AnswerComparison compare)
    {
        if (compare is not AnswerComparison.Numbers numbers)
        {
            writer.WriteStringValue(compare == AnswerComparison.Json ? "json" : "bytes");
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("numbers");
        writer.WriteNumber("abs", numbers.Abs);
        writer.WriteNumber("rel", numbers.Rel);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static AnswerComparison ReadCompare(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString() == "json" ? AnswerComparison.Json : AnswerComparison.Bytes;
        }

        var numbers = value.GetProperty("numbers");
        return new AnswerComparison.Numbers(numbers.GetProperty("abs").GetDouble(),
            numbers.GetProperty("rel").GetDouble());
    }

    private static FormatException Unknown(string what) => new($"A stored verification policy has {what}.");

    private sealed record KnownText(string Text, VerificationPolicy Policy);
}
