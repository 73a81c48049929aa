namespace Weft.Core.Tasks;

/// <summary>What the submitter posted, byte for byte.</summary>
/// <param name="Bytes">UTF-8.</param>
/// <param name="IsJson">True: valid JSON, handed out as it is. False: handed out as one JSON string.</param>
public readonly record struct Payload(ReadOnlyMemory<byte> Bytes, bool IsJson);
