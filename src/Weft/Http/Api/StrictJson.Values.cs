using System.Text;
using System.Text.Json;
using Weft.Http.Errors;

namespace Weft.Http.Api;

/// <summary>The kinds of values in a request, each with its bounds.</summary>
internal ref partial struct StrictJson
{
    /// <summary>A string of 1 to <paramref name="charsMax"/> characters.</summary>
    public string String(int charsMax)
    {
        var text = AnyString();
        if (Fault is null && (text.Length == 0 || text.Length > charsMax))
            Fail($"{_at} must have 1 to {charsMax} characters.");
        return text;
    }

    public string AnyString()
    {
        if (!Expect(JsonTokenType.String, "a string")) return "";
        if (_reader.TryGetText(out var text)) return text;
        Fail($"{_at} must be a string without lone surrogates.");
        return "";
    }

    /// <summary>
    /// A text that a worker received from elsewhere and can't fix: unpaired surrogates become U+FFFD.
    /// </summary>
    public string MendedString()
    {
        if (!Expect(JsonTokenType.String, "a string")) return "";
        return _reader.TryGetText(out var text) ? text : MendedText.Read(_reader.ValueSpan);
    }

    /// <summary>The same, with 1 to <paramref name="charsMax"/> characters.</summary>
    public string MendedString(int charsMax)
    {
        var text = MendedString();
        if (Fault is null && (text.Length == 0 || text.Length > charsMax))
            Fail($"{_at} must have 1 to {charsMax} characters.");
        return text;
    }

    public bool Boolean()
    {
        if (Fault is null && _reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            Fail($"{_at} must be true or false.");
        return Fault is null && _reader.GetBoolean();
    }

    public long Integer(long min, long max)
    {
        if (Fault is not null) return 0;
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var value) && value >= min
            && value <= max) return value;
        Fail(max == long.MaxValue ? $"{_at} must be a whole number from {min}."
            : $"{_at} must be a whole number from {min} to {max}.");
        return 0;
    }

    public double Number(double min, double max)
    {
        if (Fault is not null) return 0;
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var value) && value >= min
            && value <= max) return value;
        Fail($"{_at} must be a number from {min} to {max}.");
        return 0;
    }

    /// <summary>A number of seconds, kept to the millisecond.</summary>
    public TimeSpan Seconds(TimeSpan min, TimeSpan max) =>
        TimeSpan.FromMilliseconds(Math.Round(Number(min.TotalSeconds, max.TotalSeconds) * 1000));

    /// <summary>A time in ISO 8601; UTC if it has no zone.</summary>
    public DateTimeOffset Time()
    {
        if (Fault is not null) return default;
        if (!TryReadTime(ref _reader, out var time)) Fail($"{_at} must be {TimeShape}.");
        return time;
    }

    /// <summary>The format of a time, human-readable.</summary>
    public const string TimeShape = "a time such as 2030-01-31T12:00:00Z";

    /// <summary>The same for text outside JSON.</summary>
    public static bool TryParseTime(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.AsSpan().ContainsAny('"', '\\') || text.AsSpan().ContainsAnyInRange('\0', '\x1F')) return false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{text}\""));
        return reader.Read() && TryReadTime(ref reader, out time);
    }

    private static bool TryReadTime(ref Utf8JsonReader reader, out DateTimeOffset time)
    {
        time = default;
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTime(out var plain)) return false;
        // Without a zone it is UTC, like all times of the API; the framework would use the machine's zone.
        if (plain.Kind == DateTimeKind.Unspecified) time = new(plain, TimeSpan.Zero);
        else if (reader.TryGetDateTimeOffset(out var zoned)) time = zoned.ToUniversalTime();
        else return false;
        return true;
    }

    public List<string> Strings(int countMax, int charsMax)
    {
        var strings = new List<string>();
        if (!BeginArray()) return strings;
        while (Fault is null && Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (strings.Count == countMax) Fail($"{_at} must have at most {countMax} items.");
            else strings.Add(String(charsMax));
        }

        return strings;
    }

    /// <summary>Any value, as the bytes of the body.</summary>
    public ReadOnlyMemory<byte> Raw(long bytesMax)
    {
        if (Fault is not null) return default;
        var start = (int)_reader.TokenStartIndex;
        if (!Skip()) return default;
        var raw = _body[start..(int)_reader.BytesConsumed];
        if (raw.Length > bytesMax) Fail(Problems.PayloadTooLarge.With($"{_at} must have at most {bytesMax} bytes."));
        return raw;
    }

    private bool Skip()
    {
        try
        {
            _reader.Skip();
            return true;
        }
        catch (JsonException)
        {
            Break($"{_at} is not JSON, or over {DepthMax} levels deep, at byte {_reader.BytesConsumed}.");
            return false;
        }
    }
}
