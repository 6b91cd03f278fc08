/** Which keys are asked for most of late: a sample of what comes in, in a sketch of fixed size. */
@NullMarked
package io.distkv.node.hotkeys;

import org.jspecify.annotations.NullMarked;
