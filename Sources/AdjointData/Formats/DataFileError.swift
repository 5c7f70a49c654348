/// A data file that cannot be used: which file, where in it, what is wrong, and what to do.
///
/// Its description is one line, fit to be shown to whoever started the program.
public struct DataFileError: Error, CustomStringConvertible, Hashable, Sendable {
    /// The file, as the caller named it.
    public let path: String
    /// The line, counted from 1, in a file of text.
    public let line: Int?
    /// The name of the column (or its number, counted from 1, where no header names it).
    public let column: String?
    /// What is wrong, and what was expected.
    public let problem: String
    /// What the reader of the message can do about it.
    public let advice: String

    /// An error about the file at `path`.
    public init(
        path: String, line: Int? = nil, column: String? = nil, problem: String, advice: String
    ) {
        self.path = path
        self.line = line
        self.column = column
        self.problem = problem
        self.advice = advice
    }

    /// A file that is not as it was written.
    static func damaged(_ path: String, _ problem: String) -> DataFileError {
        DataFileError(
            path: path, problem: problem,
            advice: "the file is damaged: save or download it again")
    }

    /// `file, line 3, column "age": what is wrong; what to do`, on one line.
    public var description: String {
        var place = Self.printable(path)
        if let line { place += ", line \(line)" }
        if let column { place += ", column \(Self.quoted(column))" }
        return "\(place): \(problem); \(advice)"
    }

    /// `text` between quotation marks, cut after 40 characters, control characters replaced.
    static func quoted(_ text: String) -> String {
        let short = text.count > 40 ? text.prefix(39) + "…" : text[...]
        return "\"\(printable(String(short)))\""
    }

    /// `text` without line ends and other control characters, so that a message stays one line.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
                    default: scalar
                    }
                }))
    }
}
