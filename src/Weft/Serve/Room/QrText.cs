namespace Weft.Serve.Room;

/// <summary>
/// A QR code for a terminal, two of its rows in each line of text. Light modules use the terminal's text color: phones
/// also read a code with inverted colors, as on a terminal with dark text.
/// </summary>
internal static class QrText
{
    /// <summary>Codes need four modules of margin (ISO/IEC 18004, 5.3.8); two suffice for phones.</summary>
    private const int Margin = 2;

    public static IEnumerable<string> Lines(bool[,] code)
    {
        var size = code.GetLength(0);
        bool IsLight(int row, int column) =>
            row < 0 || column < 0 || row >= size || column >= size || !code[row, column];

        for (var row = -Margin; row < size + Margin; row += 2)
        {
            var line = new char[size + (2 * Margin)];
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = (IsLight(row, i - Margin), IsLight(row + 1, i - Margin)) switch
                {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    _ => ' ',
                };
            }

            yield return new(line);
        }
    }
}
