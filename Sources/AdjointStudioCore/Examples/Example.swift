import Adjoint

/// A program that the studio runs and shows: its text, what of it can be changed, and the same
/// program as a function with marks of its lines and names.
struct Example: Sendable {
    /// What addresses call it: "x2_plus_3x".
    let id: String
    let title: String
    let summary: String
    /// The part of the home page that it belongs to.
    let group: String
    /// The name that its lines are shown under.
    let file: String
    let parameters: [ExampleParameter]
    /// Its lines; `${x}` stands for the value of parameter x.
    let template: [String]
    let program: @Sendable () -> Void

    static func find(_ id: String) -> Example? { all.first { $0.id == id } }

    /// The text with the values of the parameters in it.
    func source(_ values: [String: Double]) -> String {
        template.map { line in
            parameters.reduce(line) { line, parameter in
                line.replacing("${\(parameter.name)}", with: parameter.text(values[parameter.name]))
            }
        }.joined(separator: "\n") + "\n"
    }
}

/// A number in an example that the reader may change.
struct ExampleParameter: Sendable, Encodable {
    let name: String
    /// What it is where nobody says otherwise.
    let value: Double
    let range: ClosedRange<Double>
    let isWhole: Bool

    private enum CodingKeys: String, CodingKey {
        case name, value, minimum, maximum, isWhole
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(value, forKey: .value)
        try fields.encode(range.lowerBound, forKey: .minimum)
        try fields.encode(range.upperBound, forKey: .maximum)
        try fields.encode(isWhole, forKey: .isWhole)
    }

    /// As the program's text has it.
    func text(_ value: Double?) -> String {
        let value = value ?? self.value
        return isWhole ? String(Int(value)) : String(value)
    }

    /// The value that `text` gives.
    ///
    /// - Throws: A `StudioError` with status 422 that says what would be taken.
    func parse(_ text: String) throws -> Double {
        guard let value = Double(text), range.contains(value),
            !isWhole || value == value.rounded()
        else {
            let low = ExampleParameter.plain(range.lowerBound)
            let high = ExampleParameter.plain(range.upperBound)
            throw StudioError(
                422, "parameter",
                "\(name) is '\(text.prefix(40))'; give a \(isWhole ? "whole number" : "number") "
                    + "from \(low) to \(high)")
        }
        return value
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
