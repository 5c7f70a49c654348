import AdjointCore
import Foundation

/// A tensor of a case: its elements row-major.
struct RecordedTensor: Sendable {
    let shape: [Int]
    let dtype: DType
    let data: Data

    enum Data: Sendable {
        case ints([Int])
        case floats([Double])
    }

    init(json: Any) throws {
        guard let object = json as? [String: Any], let shape = object["shape"] as? [Int],
            let name = object["dtype"] as? String, let values = object["data"] as? [Any]
        else { throw Malformed("a tensor needs shape, dtype and data") }
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, &*) == values.count else {
            throw Malformed("a tensor of shape \(shape) has \(values.count) elements")
        }
        self.shape = shape
        dtype = try DType(recorded: name)
        if dtype.isFloatingPoint {
            data = .floats(try values.map(RecordedTensor.float))
        } else {
            data = .ints(
                try values.map {
                    guard let number = $0 as? NSNumber else {
                        throw Malformed("an element is \($0)")
                    }
                    return number.intValue
                })
        }
    }

    private static func float(_ value: Any) throws -> Double {
        if let number = value as? NSNumber { return number.doubleValue }
        if let tagged = value as? [String: Any], let name = tagged["$f"] as? String {
            return try RecordedArgument.float(named: name)
        }
        throw Malformed("an element is \(value)")
    }

    /// The tensor in its own dtype; floats in `floating` where that is given.
    func tensor(floating: DType? = nil) -> Tensor {
        switch data {
        case .ints(let values): Tensor(values, shape: shape, dtype: dtype)
        case .floats(let values):
            Tensor(values, shape: shape, dtype: .float64).to(floating ?? dtype)
        }
    }

    /// The elements as float64.
    var values: [Double] {
        switch data {
        case .ints(let values): values.map(Double.init)
        case .floats(let values): values
        }
    }
}
