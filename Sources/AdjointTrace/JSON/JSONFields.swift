/// The members of an object that is read as a record: what is missing or of another type is an
/// error that names it, what nobody asks for is passed over.
struct JSONFields {
    struct Failure: Error, Equatable {
        let problem: String
    }

    private let members: [String: TraceJSON]

    init(_ value: TraceJSON, _ what: String) throws(Failure) {
        guard let members = value.object else { throw Failure(problem: "\(what) is no object") }
        self.members = members
    }

    /// The member, unless it is missing or null.
    subscript(name: String) -> TraceJSON? {
        guard let value = members[name] else { return nil }
        if case .null = value { return nil }
        return value
    }

    private func optional<T>(
        _ name: String, _ type: String, _ read: (TraceJSON) -> T?
    ) throws(Failure) -> T? {
        guard let value = self[name] else { return nil }
        guard let result = read(value) else { throw Failure(problem: "\(name) is no \(type)") }
        return result
    }

    private func required<T>(_ name: String, _ value: T?) throws(Failure) -> T {
        guard let value else { throw Failure(problem: "\(name) is missing") }
        return value
    }

    func integer(_ name: String) throws(Failure) -> Int? {
        try optional(name, "whole number", \.integer)
    }

    func string(_ name: String) throws(Failure) -> String? {
        try optional(name, "string", \.string)
    }

    func bool(_ name: String) throws(Failure) -> Bool? { try optional(name, "bool", \.bool) }

    func number(_ name: String) throws(Failure) -> Double? {
        try optional(name, "number", \.number)
    }

    func array(_ name: String) throws(Failure) -> [TraceJSON]? {
        try optional(name, "array", \.array)
    }

    func needInteger(_ name: String) throws(Failure) -> Int {
        try required(name, try integer(name))
    }

    func needString(_ name: String) throws(Failure) -> String {
        try required(name, try string(name))
    }

    func needBool(_ name: String) throws(Failure) -> Bool { try required(name, try bool(name)) }

    func needNumber(_ name: String) throws(Failure) -> Double {
        try required(name, try number(name))
    }

    func needArray(_ name: String) throws(Failure) -> [TraceJSON] {
        try required(name, try array(name))
    }

    /// A number that names something: not negative.
    func id(_ name: String) throws(Failure) -> Int? {
        guard let id = try integer(name) else { return nil }
        if id < 0 { throw Failure(problem: "\(name) is negative") }
        return id
    }

    func needID(_ name: String) throws(Failure) -> Int { try required(name, try id(name)) }

    /// One of an enumeration's words.
    func word<T: RawRepresentable<String>>(_ name: String, _ type: T.Type) throws(Failure) -> T? {
        guard let text = try string(name) else { return nil }
        guard let value = T(rawValue: text) else {
            throw Failure(problem: "\(name) has an unknown value")
        }
        return value
    }

    func integers(_ name: String) throws(Failure) -> [Int]? {
        try list(name, "whole number", \.integer)
    }

    func numbers(_ name: String) throws(Failure) -> [Double]? {
        try list(name, "number", \.number)
    }

    /// An array of strings and nulls.
    func strings(_ name: String) throws(Failure) -> [String?]? {
        try list(name, "string") { value in
            if case .null = value { return .some(nil) }
            return value.string.map { .some($0) }
        }
    }

    private func list<T>(
        _ name: String, _ type: String, _ read: (TraceJSON) -> T?
    ) throws(Failure) -> [T]? {
        guard let values = try array(name) else { return nil }
        var result: [T] = []
        result.reserveCapacity(values.count)
        for value in values {
            guard let element = read(value) else {
                throw Failure(problem: "\(name) holds something that is no \(type)")
            }
            result.append(element)
        }
        return result
    }

    /// An object of counts.
    func counts(_ name: String) throws(Failure) -> [String: Int]? {
        guard let members = try optional(name, "object", \.object) else { return nil }
        var result: [String: Int] = [:]
        for (key, value) in members {
            guard let count = value.integer else {
                throw Failure(problem: "\(name) holds something that is no whole number")
            }
            result[key] = count
        }
        return result
    }
}
