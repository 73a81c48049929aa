using System.Text;
using QRCoder;

namespace Weft.Serve.Room;

/// <summary>
/// A QR code (ISO/IEC 18004) of a text, at the lowest level of error correction: a screen has no dirt, and a smaller
/// code has larger modules.
/// </summary>
internal static class QrCode
{
    // The capacity of version 10: 57 modules, which fit on a terminal.
    private const int BytesMax = 271;

    /// <summary>The code, by row and column; true is dark.</summary>
    /// <exception cref="ArgumentException">The text is too long: more than 271 bytes.</exception>
    public static bool[,] Of(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length > BytesMax)
            throw new ArgumentException($"A code holds {BytesMax} bytes, and this text has {length}.");
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        // The caller adds the margin.
        const int margin = 4;
        var size = data.ModuleMatrix.Count - (2 * margin);
        var code = new bool[size, size];
        for (var row = 0; row < size; row++)
        for (var column = 0; column < size; column++)
        {
            code[row, column] = data.ModuleMatrix[row + margin][column + margin];
        }

        return code;
    }
}
