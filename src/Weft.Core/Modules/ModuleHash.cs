using System.Buffers;

namespace Weft.Core.Modules;

/// <summary>A module's name: the SHA-256 of its bytes, as 64 lowercase hex digits.</summary>
public readonly record struct ModuleHash
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private ModuleHash(string text) => _text = text;

    /// <summary>The hash of 32 bytes.</summary>
    public static ModuleHash From(ReadOnlySpan<byte> hash) => new(Convert.ToHexStringLower(hash));

    /// <summary>False unless <paramref name="text"/> is 64 lowercase hex digits: one module has one name.</summary>
    public static bool TryParse(string? text, out ModuleHash hash)
    {
        var valid = text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(HexDigits);
        hash = valid ? new(text!) : default;
        return valid;
    }

    /// <summary>Parses the output of <see cref="ToString"/>.</summary>
    public static ModuleHash Parse(string text) =>
        TryParse(text, out var hash) ? hash : throw new FormatException($"'{text}' is not a module's hash.");

    public override string ToString() => _text ?? "";
}
