/// Goes through options, or through a state, by PyTorch's names: one list of names and variables
/// serves to write them down and to read them back. A pair "betas" has the fields "betas.0" and
/// "betas.1".
public struct OptionFields: Sendable {
    /// What a field holds.
    public enum Value: Sendable, Equatable {
        /// A number, a truth value as 0 or 1, or nil as NaN.
        case number(Double)
        /// The name of one of several ways.
        case word(String)
    }

    /// What the variables held, in the order of the list. Truth values are 0 or 1, one of several
    /// ways is its position, and what is nil is NaN.
    public private(set) var values: [(name: String, value: Double)] = []
    /// The fields that were given and that no variable took: names that are not in the list, and
    /// values that do not fit.
    public var refused: [String] { given.keys.sorted() }
    private var given: [String: Value]

    /// What steps are counted with: whole numbers that float64 holds exactly.
    static let counts = 0...(1 << 53)

    /// A whole number that float64 holds exactly; nil for any other.
    private static func whole(_ number: Double) -> Int? {
        Int(exactly: number).flatMap { counts.contains(Int(clamping: $0.magnitude)) ? $0 : nil }
    }

    /// - Parameter given: What the variables are to take.
    public init(_ given: [String: Value] = [:]) { self.given = given }

    /// Writes the variable down, after it has taken what was given under its name.
    public mutating func callAsFunction(_ name: String, _ value: inout Double) {
        if case .number(let number) = given[name] { take(name, &value, number) }
        values.append((name, value))
    }

    /// Writes down a number that may be nil, as NaN, after it has taken what was given.
    public mutating func callAsFunction(_ name: String, _ value: inout Double?) {
        if case .number(let number) = given[name] {
            take(name, &value, number.isNaN ? nil : number)
        }
        values.append((name, value ?? .nan))
    }

    /// Writes down a whole number; a given one that is not whole is refused.
    public mutating func callAsFunction(_ name: String, _ value: inout Int) {
        if case .number(let number) = given[name], let whole = Self.whole(number) {
            take(name, &value, whole)
        }
        values.append((name, Double(value)))
    }

    /// Writes down a whole number that may be nil, as NaN; a given one that is not whole is
    /// refused.
    public mutating func callAsFunction(_ name: String, _ value: inout Int?) {
        if case .number(let number) = given[name] {
            if number.isNaN {
                take(name, &value, nil)
            } else if let whole = Self.whole(number) {
                take(name, &value, whole)
            }
        }
        values.append((name, value.map(Double.init) ?? .nan))
    }

    /// Writes down a truth value as 0 or 1, after it has taken what was given.
    public mutating func callAsFunction(_ name: String, _ value: inout Bool) {
        if case .number(let number) = given[name] { take(name, &value, number != 0) }
        values.append((name, value ? 1 : 0))
    }

    /// Writes down a pair under the names `name`.0 and `name`.1.
    public mutating func callAsFunction(_ name: String, _ value: inout (Double, Double)) {
        self("\(name).0", &value.0)
        self("\(name).1", &value.1)
    }

    /// One of several ways, by PyTorch's name for it or by its position.
    public mutating func callAsFunction<Choice>(_ name: String, _ value: inout Choice)
    where Choice: RawRepresentable<String> & CaseIterable & Equatable {
        let ways = Array(Choice.allCases)
        switch given[name] {
        case .word(let word):
            if let way = Choice(rawValue: word) { take(name, &value, way) }
        case .number(let number):
            if let i = Int(exactly: number), ways.indices.contains(i) {
                take(name, &value, ways[i])
            }
        case nil: break
        }
        values.append((name, Double(ways.firstIndex(of: value) ?? 0)))
    }

    /// The fields of a part, whose names stand behind `prefix` and a point.
    public mutating func nested(_ prefix: String, _ body: (inout OptionFields) -> Void) {
        let start = "\(prefix)."
        let own = given.filter { $0.key.hasPrefix(start) }
        given = given.filter { !$0.key.hasPrefix(start) }
        var part = OptionFields()
        for (name, value) in own { part.given[String(name.dropFirst(start.count))] = value }
        body(&part)
        values += part.values.map { (start + $0.name, $0.value) }
        for (name, value) in part.given { given[start + name] = value }
    }

    private mutating func take<T>(_ name: String, _ variable: inout T, _ value: T) {
        variable = value
        given[name] = nil
    }
}
