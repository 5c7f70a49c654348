#ifndef ADJOINT_SANITIZER_H
#define ADJOINT_SANITIZER_H

/// Under a sanitizer each block is malloc's own, so that it sees where the block ends and when it
/// is gone. ADJOINT_CACHE_BLOCKS keeps the caches there too, to check these themselves.
#if defined(__has_feature) && !defined(ADJOINT_CACHE_BLOCKS)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ADJ_PLAIN_BLOCKS 1
#endif
#endif

/// A function that reads the stack where no variable lies.
#if defined(__has_attribute)
#if __has_attribute(no_sanitize)
#define ADJ_READS_STACK __attribute__((no_sanitize("address", "thread")))
#endif
#endif
#ifndef ADJ_READS_STACK
#define ADJ_READS_STACK
#endif

#endif
