import AdjointCore
import AdjointData
import AdjointStudioCore

extension FuzzTarget {
    static let csv = FuzzTarget(
        name: "csv",
        makeSeeds: { folder in
            let table = Tensor([[5.1, 1e-300, 0], [7.0, -4.7e200, 1]], dtype: .float64)
            let text = String(
                decoding: try written(folder) {
                    try saveCSV(table, to: $0, columns: ["a", "b", "c"])
                },
                as: UTF8.self)
            return [
                FuzzSeed(lines: text),
                FuzzSeed(lines: "1,2.5\n-3,4e2\n.5,+1E-7\n"),
                FuzzSeed(lines: "\u{FEFF}a,\"b \"\"x\"\",\r\n\"\r\n1,\" 2\"\r\n\r\n\"3\",4\r"),
                FuzzSeed(lines: "x\n" + String(repeating: "1\n", count: 50)),
            ]
        },
        tokens: [
            ",", "\"", "\"\"", "\n", "\r", "\r\n", ";", "\t", " ", "nan", "inf", "0x10", "1e999",
            "-",
            "+", ".", "1_000", "\u{FEFF}", "\u{301}", "\"\u{301}", "١", "1e-400",
        ],
        openers: [",", "\n", "\"", "\"\"", "1,", "1\n", ";"], memoryFactor: 192,
        check: { bytes, folder in
            let table = try MemoryFile.table(bytes, path: "input")
            guard table.values.count == table.rowCount * table.columns.count,
                table.values.allSatisfy(\.isFinite)
            else { throw Violation("the table has other numbers than rows and columns") }
            for column in 0..<min(table.columns.count, 4) { _ = table.column(column) }
            _ = try? table.index(ofColumn: table.columns.last ?? "")
            if table.rowCount == 0 || table.values.count > FuzzState.largest { return }
            let path = folder + "/table.csv"
            try saveCSV(
                Tensor(table.values, shape: [table.rowCount, table.columns.count]), to: path,
                columns: table.hasHeader ? table.columns : nil)
            let back: CSVTable
            do { back = try CSVTable(readingFrom: path) } catch {
                throw Violation("what was written cannot be read: \(error)")
            }
            guard back.columns == table.columns, back.hasHeader == table.hasHeader,
                back.values.map(\.bitPattern) == table.values.map(\.bitPattern)
            else { throw Violation("the table came back another") }
        }, isRefusal: { $0 is DataFileError })

    /// Lines of text, from a file, as this reader has no other way.
    static let lines = FuzzTarget(
        name: "lines",
        makeSeeds: { _ in
            [FuzzSeed(lines: "one\ntwo \r\n\n\té\n"), FuzzSeed(lines: "\u{FEFF}a"), FuzzSeed([])]
        },
        tokens: ["\n", "\r", "\r\n", "\u{FEFF}", "\u{0}", "\u{2028}"],
        openers: ["\n", "\r\n", "a\n"],
        memoryFactor: 128,
        check: { bytes, folder in
            let path = folder + "/lines.txt"
            try FuzzFile.write(bytes, to: path)
            for keepsBlank in [false, true] {
                let lines = try LinesDataset(path, keepsBlank: keepsBlank)
                var texts: [String] = []
                for i in 0..<lines.count { texts.append(try lines[i]) }
                guard !texts.contains(where: { $0.utf8.contains(0x0A) }) else {
                    throw Violation("a line holds a line's end")
                }
                if keepsBlank, texts.count > 0 {
                    try FuzzFile.write(
                        Array(texts.joined(separator: "\n").utf8) + [0x0A], to: path + ".back")
                    let back = try LinesDataset(path + ".back", keepsBlank: true)
                    guard
                        try (0..<back.count).map({ try back[$0] }) == texts
                            || texts[0].hasPrefix("\u{FEFF}") || texts.contains(where: endsInReturn)
                    else { throw Violation("the lines came back others") }
                }
            }
        }, isRefusal: { $0 is DataFileError })

    @Sendable private static func endsInReturn(_ text: String) -> Bool { text.utf8.last == 0x0D }

    /// The studio's expressions: what is read is run, over small leaves.
    static let expression = FuzzTarget(
        name: "expression",
        makeSeeds: { _ in
            [
                FuzzSeed(lines: "y = x**2 + 3*x\nsum(y)"),
                FuzzSeed(lines: "a = where(x > 0, sin(x), -x); b = 2 ** 3 ** -2 / 0\na * b + pi"),
                FuzzSeed(lines: "# words\nmatmul(m, m) - mean(exp(-(x - 1)**2 / 2e0)) <= .5"),
                FuzzSeed(lines: "relu(maximum(x, m)) ** 0.5 + (x < 2)"),
            ]
        },
        tokens: [
            "**", "<=", ">=", "==", "!=", "+", "-", "*", "/", "(", ")", ",", "=", "<", ">", ";",
            "#",
            "x", "m", "e", "pi", "y = ", "where(", "matmul(", "max(x)", "prod(x)", "abs(", "log(",
            "sqrt(", "softplus(", "detach(", "sum(", "tan(", "minimum(x, m)", "1e308", "1e-308",
            "999999999999999", "2**1023", "²", "·", "x^2", "α", "\u{301}", "\u{2028}", "(-1)**0.5",
        ],
        openers: ["(", "-", "sin(", "x**", "+", "1+", "x*", "where(x,", "y=", "\n", ";"],
        // It is computed too, and two bytes, "x*", become an operation with its node.
        memoryFactor: 1024,
        check: { bytes, _ in
            let leaves: [String: Tensor] = [
                "x": Tensor([-1.0, 0.0, 2.5], requiresGrad: true), "m": Tensor.eye(3),
                "y": Tensor(2.0),
            ]
            let source = String(decoding: bytes, as: UTF8.self)
            let value = try ExpressionText.value(of: source, leaves: leaves)
            let again = try ExpressionText.value(of: source, leaves: leaves)
            guard FuzzState.bytes(value) == FuzzState.bytes(again) else {
                throw Violation("the value is another the second time")
            }
        }, isRefusal: { $0 is ExpressionText.Refusal })
}
