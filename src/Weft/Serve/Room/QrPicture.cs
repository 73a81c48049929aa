namespace Weft.Serve.Room;

/// <summary>The modules of a QR code: its marks, its format, and its codewords under a mask.</summary>
internal static class QrPicture
{
    public const int Masks = 8;
    private const int FormatGenerator = 0x537;
    private const int FormatMask = 0x5412;
    private const int VersionGenerator = 0x1F25;
    private const int LowCorrection = 1;
    private const int FinderSize = 7;
    private const int TimingLine = 6;

    // Where the centres of the alignment marks are, in rows and columns, of the versions 1 to 10.
    private static readonly int[][] Alignments =
        [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];

    public static bool[,] Draw(int version, byte[] codewords, int mask)
    {
        var size = 17 + (4 * version);
        var modules = new bool[size, size];
        var isFixed = new bool[size, size];
        void Fix(int row, int column, bool isDark)
        {
            if (row < 0 || column < 0 || row >= size || column >= size) return;
            (modules[row, column], isFixed[row, column]) = (isDark, true);
        }

        for (var i = 0; i < size; i++)
        {
            Fix(TimingLine, i, i % 2 == 0);
            Fix(i, TimingLine, i % 2 == 0);
        }

        var far = size - FinderSize;
        foreach (var (row, column) in ((int, int)[])[(0, 0), (0, far), (far, 0)]) Mark(Fix, row + 3, column + 3, 4);
        foreach (var (row, column) in Centres(Alignments[version - 1])) Mark(Fix, row, column, 2);

        Format(Fix, size, mask);
        if (version >= 7) Version(Fix, size, version);
        Fill(modules, isFixed, codewords, mask);
        return modules;
    }

    // All crossings, but for those where a finder is.
    private static IEnumerable<(int Row, int Column)> Centres(int[] lines) =>
        from row in lines
        from column in lines
        where (row != lines[0] || column != lines[0]) && (row != lines[0] || column != lines[^1])
            && (row != lines[^1] || column != lines[0])
        select (row, column);

    /// <summary>How much a picture has of long runs and of squares, which readers take for marks.</summary>
    public static int Penalty(bool[,] modules)
    {
        var size = modules.GetLength(0);
        var penalty = 0;
        for (var i = 0; i < size; i++)
        {
            penalty += Runs(size, j => modules[i, j]) + Runs(size, j => modules[j, i]);
            for (var j = 0; i > 0 && j < size - 1; j++)
            {
                var isDark = modules[i, j];
                if (modules[i - 1, j] == isDark && modules[i, j + 1] == isDark && modules[i - 1, j + 1] == isDark)
                    penalty += 3;
            }
        }

        return penalty;
    }

    private static int Runs(int size, Func<int, bool> module)
    {
        var (penalty, run) = (0, 1);
        for (var i = 1; i < size; i++)
        {
            run = module(i) == module(i - 1) ? run + 1 : 1;
            if (run >= 5) penalty += run == 5 ? 3 : 1;
        }

        return penalty;
    }

    /// <summary>Squares within squares; the outermost of a finder, at distance 4, is light.</summary>
    private static void Mark(Action<int, int, bool> fix, int row, int column, int reach)
    {
        for (var down = -reach; down <= reach; down++)
        for (var right = -reach; right <= reach; right++)
        {
            var distance = Math.Max(Math.Abs(down), Math.Abs(right));
            fix(row + down, column + right, reach == 4 ? distance is not (2 or 4) : distance != 1);
        }
    }

    // Twice, beside the finders: what corrects and which mask, in 15 bits.
    private static void Format(Action<int, int, bool> fix, int size, int mask)
    {
        var data = (LowCorrection << 3) | mask;
        var bits = ((data << 10) | Remainder(data << 10, FormatGenerator)) ^ FormatMask;
        for (var i = 0; i < 15; i++)
        {
            var isDark = ((bits >> i) & 1) != 0;
            fix(i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, 8, isDark);
            fix(8, i < 8 ? size - 1 - i : i == 8 ? 7 : 14 - i, isDark);
        }

        fix(size - 8, 8, true);
    }

    // Twice, beside the far finders, in 18 bits.
    private static void Version(Action<int, int, bool> fix, int size, int version)
    {
        var bits = (version << 12) | Remainder(version << 12, VersionGenerator);
        for (var i = 0; i < 18; i++)
        {
            var isDark = ((bits >> i) & 1) != 0;
            fix(size - 11 + (i % 3), i / 3, isDark);
            fix(i / 3, size - 11 + (i % 3), isDark);
        }
    }

    private static int Remainder(int value, int generator)
    {
        var degree = int.Log2(generator);
        while (value != 0 && int.Log2(value) >= degree) value ^= generator << (int.Log2(value) - degree);
        return value;
    }

    // Two columns at a time from the right, up and down in turn, leaving the timing line out.
    private static void Fill(bool[,] modules, bool[,] isFixed, byte[] codewords, int mask)
    {
        var size = modules.GetLength(0);
        var at = 0;
        for (var right = size - 1; right >= 1; right -= 2)
        {
            if (right == TimingLine) right--;
            for (var step = 0; step < 2 * size; step++)
            {
                var column = right - (step % 2);
                var row = ((right + 1) & 2) == 0 ? size - 1 - (step / 2) : step / 2;
                if (isFixed[row, column]) continue;
                var isDark = at < codewords.Length * 8 && ((codewords[at / 8] >> (7 - (at % 8))) & 1) != 0;
                modules[row, column] = isDark ^ Masked(mask, row, column);
                at++;
            }
        }
    }

    private static bool Masked(int mask, int row, int column) => 0 == mask switch
    {
        0 => (row + column) % 2,
        1 => row % 2,
        2 => column % 3,
        3 => (row + column) % 3,
        4 => ((row / 2) + (column / 3)) % 2,
        5 => (row * column % 2) + (row * column % 3),
        6 => ((row * column % 2) + (row * column % 3)) % 2,
        _ => (((row + column) % 2) + (row * column % 3)) % 2,
    };
}
