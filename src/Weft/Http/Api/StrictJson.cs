using System.Text.Json;
using System.Text.Unicode;

namespace Weft.Http.Api;

/// <summary>
/// Walks through a request's JSON once and takes nothing that wasn't asked for: unknown and duplicate members, wrong types,
/// values out of range, nesting over 64 levels and bytes that are no UTF-8 are faults. The first fault stays, and every
/// later call reads nothing; whoever calls checks <see cref="Fault"/> at the end.
/// </summary>
internal ref struct StrictJson
{
    private const int DepthMax = 64;
    private readonly ReadOnlyMemory<byte> _body;
    private Utf8JsonReader _reader;
    private string _at = "The body";
    private int _itemDepth;
    private bool _broken;

    public StrictJson(ReadOnlyMemory<byte> body)
    {
        _body = body;
        _reader = new(body.Span, new JsonReaderOptions { MaxDepth = DepthMax });
        if (Utf8.IsValid(body.Span)) Read();
        else Break("The body is not UTF-8.");
    }

    public Problem? Fault { get; private set; }

    /// <summary>Enters the object that comes next.</summary>
    public bool BeginObject() => Expect(JsonTokenType.StartObject, "an object");

    /// <summary>Goes to the value of the next member; null after the last one.</summary>
    /// <param name="names">Those that the object may have.</param>
    /// <param name="seen">A bit for each member that the object had so far; starts at 0.</param>
    public string? NextMember(MemberNames names, ref uint seen)
    {
        if (Fault is not null || !Read() || _reader.TokenType == JsonTokenType.EndObject) return null;
        var index = IndexOf(names);
        if (index < 0)
        {
            Fail("An object has an unknown member" + NameForPeople());
            return null;
        }

        _at = names[index];
        if ((seen & (1u << index)) != 0)
        {
            Fail($"The member {_at} is there twice.");
            return null;
        }

        seen |= 1u << index;
        return Read() ? names[index] : null;
    }

    /// <summary>Enters the array that comes next.</summary>
    public bool BeginArray() => Expect(JsonTokenType.StartArray, "an array");

    /// <summary>Goes to the array's next item; false after the last one.</summary>
    public bool NextItem()
    {
        if (Fault is not null || !Read() || _reader.TokenType == JsonTokenType.EndArray) return false;
        _itemDepth = _reader.CurrentDepth;
        return true;
    }

    /// <summary>Leaves an item that may be faulty, so that it doesn't spoil the next; what is no JSON spoils all.</summary>
    public Problem? EndItem()
    {
        if (Fault is not { } fault || _broken) return Fault;
        Fault = null;
        while (_reader.CurrentDepth > _itemDepth || _reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            if (!Read()) return Fault;
        }

        return fault;
    }

    /// <summary>Makes sure that nothing follows.</summary>
    public Problem? End()
    {
        if (Fault is null) Read(mayEnd: true);
        return Fault;
    }

    /// <summary>A string of 1 to <paramref name="charsMax"/> characters.</summary>
    public string String(int charsMax)
    {
        var text = AnyString();
        if (Fault is null && (text.Length == 0 || text.Length > charsMax)) Fail($"{_at} must have 1 to {charsMax} characters.");
        return text;
    }

    public string AnyString()
    {
        if (!Expect(JsonTokenType.String, "a string")) return "";
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: JSON's grammar allows it, but it is no text.
            Fail($"{_at} must be a string of whole characters.");
            return "";
        }
    }

    public bool Boolean()
    {
        if (Fault is null && _reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) Fail($"{_at} must be true or false.");
        return Fault is null && _reader.GetBoolean();
    }

    public long Integer(long min, long max)
    {
        if (Fault is not null) return 0;
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var value) && value >= min && value <= max) return value;
        Fail(max == long.MaxValue ? $"{_at} must be a whole number from {min}." : $"{_at} must be a whole number from {min} to {max}.");
        return 0;
    }

    public double Number(double min, double max)
    {
        if (Fault is not null) return 0;
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var value) && value >= min && value <= max) return value;
        Fail($"{_at} must be a number from {min} to {max}.");
        return 0;
    }

    /// <summary>A number of seconds, kept to the millisecond.</summary>
    public TimeSpan Seconds(TimeSpan min, TimeSpan max) => TimeSpan.FromMilliseconds(Math.Round(Number(min.TotalSeconds, max.TotalSeconds) * 1000));

    public DateTimeOffset Time()
    {
        if (Fault is not null) return default;
        if (_reader.TokenType == JsonTokenType.String && _reader.TryGetDateTimeOffset(out var time)) return time.ToUniversalTime();
        Fail($"{_at} must be a time such as 2030-01-31T12:00:00Z.");
        return default;
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

    /// <summary>Any value, as the bytes of the body that it is.</summary>
    public ReadOnlyMemory<byte> Raw(int bytesMax)
    {
        if (Fault is not null) return default;
        var start = (int)_reader.TokenStartIndex;
        if (!Skip()) return default;
        var raw = _body[start..(int)_reader.BytesConsumed];
        if (raw.Length > bytesMax) Fail(Problems.PayloadTooLarge.With($"{_at} must have at most {bytesMax} bytes."));
        return raw;
    }

    public void Fail(string detail) => Fail(Problems.InvalidRequest.With(detail));

    private void Fail(Problem problem) => Fault ??= problem;

    private void Break(string detail)
    {
        _broken = true;
        Fail(detail);
    }

    private readonly int IndexOf(MemberNames names)
    {
        try
        {
            return names.IndexOf(_reader);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: certainly none of ours.
            return -1;
        }
    }

    // Only a plain name is repeated: the answer must stay short, and fit for a terminal.
    private readonly string NameForPeople()
    {
        var name = _reader.ValueSpan;
        return name.Length is > 0 and <= 64 && !name.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? $": {System.Text.Encoding.ASCII.GetString(name)}." : ".";
    }

    private bool Expect(JsonTokenType type, string what)
    {
        if (Fault is null && _reader.TokenType != type) Fail($"{_at} must be {what}.");
        return Fault is null;
    }

    private bool Read(bool mayEnd = false)
    {
        try
        {
            if (_reader.Read()) return true;
            if (!mayEnd) Break($"{_at} ends too early.");
        }
        catch (JsonException)
        {
            Break($"{_at} is not JSON, or over {DepthMax} levels deep, at byte {_reader.BytesConsumed}.");
        }

        return false;
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
