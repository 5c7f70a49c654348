/// Where in the program an observed call comes from. Taking one costs a microsecond or two; naming
/// it costs much the first time that a place is named, and little later.
package struct CallPlace: Sendable {
    /// One of the user's own lines.
    package struct Frame: Sendable, Hashable {
        package let path: String
        package let line: Int
        /// 0 where it is unknown.
        package let column: Int
    }

    private let trace: Trace

    @inline(never)
    package init() { trace = Trace() }

    /// Equal for calls that took the same way.
    package var addresses: [UInt] { trace.addresses }

    /// The lines outside of the library, innermost first; empty where the platform cannot tell.
    package var frames: [Frame] {
        SourceLines.userCalls(of: trace).map {
            Frame(path: $0.path, line: $0.line, column: $0.column)
        }
    }

    /// The types whose `callAsFunction` was running, outermost first.
    package var modules: [String] { SourceLines.modules(of: trace) }
}

extension SourceLines {
    /// The calls outside of the library, innermost first; of a macro's expansion the line of the
    /// macro.
    static func userCalls(of trace: Trace) -> [Call] {
        var found: [Call] = []
        for call in calls(of: trace) where isUser(call) {
            guard call.isExpansion else {
                found.append(call)
                continue
            }
            if let place = macroPlace(call) {
                found.append(
                    Call(
                        path: place.file, line: place.line, column: 0, function: call.function,
                        isThunk: false))
            }
        }
        return found
    }
}
