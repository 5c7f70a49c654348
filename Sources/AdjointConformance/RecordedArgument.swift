public import AdjointCore
import Foundation

/// An argument of a recorded call, as the case writes it.
public indirect enum RecordedArgument: Sendable, Equatable {
    /// None.
    case null
    /// A truth value.
    case bool(Bool)
    /// An integer.
    case int(Int)
    /// A float.
    case float(Double)
    /// A text.
    case text(String)
    /// A dtype.
    case dtype(DType)
    /// The case's tensor of this position.
    case tensor(Int)
    /// A list or a tuple.
    case list([RecordedArgument])
    /// A slice: start, stop and step, nil for None.
    case slice(Int?, Int?, Int?)
    /// `...`.
    case ellipsis
}

extension RecordedArgument {
    /// Reads what `ExactJSON` gives for an argument.
    init(json: Any) throws {
        switch json {
        case is NSNull: self = .null
        case let text as String: self = .text(text)
        case let list as [Any]: self = .list(try list.map(RecordedArgument.init(json:)))
        case let object as [String: Any]: self = try RecordedArgument.tagged(object)
        case let number as NSNumber: self = RecordedArgument(number: number)
        default: throw Malformed("an argument is \(json)")
        }
    }

    /// A JSON number keeps its kind: 1 is an integer, 1.0 is not, true is neither.
    private init(number: NSNumber) {
        switch String(cString: number.objCType) {
        case "c", "B": self = .bool(number.boolValue)
        case "d", "f": self = .float(number.doubleValue)
        default: self = .int(number.intValue)
        }
    }

    private static func tagged(_ object: [String: Any]) throws -> RecordedArgument {
        guard object.count == 1, let (tag, value) = object.first else {
            throw Malformed("an argument has the keys \(object.keys.sorted())")
        }
        switch (tag, value) {
        case ("$t", let index as NSNumber): return .tensor(index.intValue)
        case ("$f", let text as String): return .float(try float(named: text))
        case ("$dtype", let text as String): return .dtype(try DType(recorded: text))
        case ("$ellipsis", _): return .ellipsis
        case ("$slice", let bounds as [Any]) where bounds.count == 3:
            let bounds = try bounds.map { bound -> Int? in
                if bound is NSNull { return nil }
                guard let number = bound as? NSNumber else {
                    throw Malformed("a slice of \(bound)")
                }
                return number.intValue
            }
            return .slice(bounds[0], bounds[1], bounds[2])
        default: throw Malformed("an argument is tagged '\(tag)'")
        }
    }

    /// The floats that JSON has no word for.
    static func float(named text: String) throws -> Double {
        switch text {
        case "inf": .infinity
        case "-inf": -.infinity
        case "nan": .nan
        default: throw Malformed("there is no float '\(text)'")
        }
    }
}

extension DType {
    /// The dtype of this name, as PyTorch writes it: `float64`.
    init(recorded name: String) throws {
        guard let dtype = DType.allCases.first(where: { $0.description == name }) else {
            throw Malformed("there is no dtype '\(name)'")
        }
        self = dtype
    }
}

/// A line that is no case, and why.
struct Malformed: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
